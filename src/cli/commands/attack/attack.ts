// `selfadapt attack`: natural and robust accuracy of a run's model.
import type { Command } from "commander";
import { z } from "zod";
import { type AttackDefinition, attackDefinitions } from "../../../attacks/index.js";
import { declarable } from "../../../evaluation/attack/attack-options.js";
import { flagOf } from "../../../options/index.js";
import { addOptions, readOptions } from "../../shared/options.js";
import { attackOptions, headings } from "./attack-options.js";

const settings: readonly string[] = declarable;

/** `  pgd  projected gradient ascent from a random start (--steps 20, ...)`: step sizes in units of epsilon. */
function describeAttack({ name, description, options }: AttackDefinition): string {
  const parsed = z.object(options({ norm: "inf", epsilon: 1 })).parse({});
  const defaults = Object.entries(parsed).filter(([key]) => settings.includes(key));
  const values = defaults.map(([key, value]) => `${flagOf(key)} ${value}${key === "stepSize" ? " epsilon" : ""}`);
  return `  ${name.padEnd(16)} ${description}${values.length === 0 ? "" : `\n${" ".repeat(19)}(${values.join(", ")})`}`;
}

const notes = `
Attacks:
${attackDefinitions.map(describeAttack).join("\n")}

Examples:
  selfadapt attack runs/photos-trades-1 --data ./photos
  selfadapt attack runs/photos-trades-1 --data ./photos --attack autoattack --epsilon 8/255 --limit 1000
  selfadapt attack runs/photos-trades-1 --resume                           resume the attack that was stopped
  selfadapt attack runs/photos-trades-1 --checkpoints 70-99 --limit 1000   by epoch, for runs of train --keep-from 70
  selfadapt attack runs/photos-trades-1 --epsilons 0,2/255,4/255,8/255     by radius; selfadapt report draws both curves

Results are written to attacks/ in the run folder: results.json, samples.csv (which attack fools each image), some
pictures. State is saved after every batch. Robust accuracy is an upper bound: a stronger attack may fool more images.`;

export function defineAttack(command: Command): void {
  addOptions(command.argument("<run>", "run folder"), attackOptions, headings)
    .addHelpText("after", notes)
    .action(async (run: string, flags: object) => {
      const options = readOptions(attackOptions, flags);
      await (await import("./attack-run.js")).attack(run, options);
    });
}
