// `selfadapt attack`: how a run's model stands up to images that were changed to mislead it.
import type { Command } from "commander";
import { z } from "zod";
import { type AttackDefinition, attackDefinitions, attackNames, defaultAttack } from "../../../attacks/index.js";
import { InputError } from "../../../errors.js";
import { flagOf } from "../../../options/index.js";
import { fraction, wholeNumber } from "../../shared/numbers.js";
import { addSharedOptions } from "../../shared/shared-options.js";
import type { AttackFlags } from "./attack-run.js";

const settings = ["steps", "stepSize", "restarts", "loss"];

/** `  pgd  projected gradient ascent from a random start (--steps 20, ...)`: step sizes in units of epsilon. */
function describeAttack({ name, description, options }: AttackDefinition): string {
  const parsed = z.object(options({ norm: "inf", epsilon: 1 })).parse({});
  const defaults = Object.entries(parsed).filter(([key]) => settings.includes(key));
  const values = defaults.map(([key, value]) => `${flagOf(key)} ${value}${key === "stepSize" ? " epsilon" : ""}`);
  return `  ${name.padEnd(16)} ${description}${values.length === 0 ? "" : `\n${" ".repeat(19)}(${values.join(", ")})`}`;
}

const attackLines = attackDefinitions.map(describeAttack).join("\n");

const notes = `
Attacks:
${attackLines}

Examples:
  selfadapt attack runs/photos-trades-1 --data ./photos
  selfadapt attack runs/photos-trades-1 --data ./photos --attack autoattack --epsilon 8/255 --limit 1000
  selfadapt attack runs/photos-trades-1 --resume                           go on with the one that was stopped
  selfadapt attack runs/photos-trades-1 --checkpoints 70-99 --limit 1000   over the epochs kept (train --keep-from 70)
  selfadapt attack runs/photos-trades-1 --epsilons 0,2/255,4/255,8/255     by radius; selfadapt report draws both curves

Results go into the run's attacks/ folder: results.json, samples.csv (which image falls to what), some pictures. State is
saved after every batch. An accuracy under attack is an upper bound: a stronger attack may find more.`;

/** `70-99`. @throws InputError for anything else. */
function readEpochs(text: string): [number, number] {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  if (last !== undefined && Number(first) <= Number(last)) return [Number(first), Number(last)];
  throw new InputError(`--checkpoints: received "${text}"; expected the first and the last epoch, such as 70-99`);
}

/** `0,2/255,8/255`. @throws InputError for anything else. */
const readRadii = (text: string) => text.split(",").map(fraction("--epsilons", 0));

/** @throws InputError for anything but the two norms. */
function readNorm(text: string): "inf" | "2" {
  if (text === "inf" || text === "2") return text;
  throw new InputError(`--norm: received "${text}"; expected inf or 2`);
}

export function defineAttack(command: Command): void {
  command
    .argument("<run>", "run folder")
    .option(
      "--data <path>",
      "images to attack: its test part where it has one, else all of it; the run's own unless given",
    )
    .option("--format <name>", "how the data lies on disk; recognised unless given")
    .option("--labels <file>", "labels of data that carries none (.npy or .csv)")
    .option(
      "--limit <n>",
      "attack so many images, drawn the same way for every run; all unless given",
      wholeNumber("--limit", 1),
    )
    .optionsGroup("Attack:")
    .option("--attack <name>", `${attackNames.join(", ")}; ${defaultAttack.name} unless given`)
    .option("--norm <inf|2>", "in which a change is measured; inf unless given", readNorm)
    .option(
      "--epsilon <x>",
      "how far an image may be changed, its pixels from 0 to 1; 8/255 (inf) or 0.5 (2) unless given",
      fraction("--epsilon", 0),
    )
    .option("--steps <n>", "steps, or queries, of an attack; by attack unless given", wholeNumber("--steps", 1))
    .option("--step-size <x>", "length of a step, in the norm; by attack unless given", fraction("--step-size", 0))
    .option("--restarts <n>", "random restarts on the samples still classified correctly", wholeNumber("--restarts", 1))
    .option("--loss <ce|margin>", "loss to maximize: cross entropy, or the Carlini-Wagner margin")
    .option("--seed <n>", "where the attack's randomness starts; 0 unless given", wholeNumber("--seed", 0))
    .optionsGroup("Curves:")
    .option("--epsilons <a,b,...>", "one attack a radius: robust accuracy against epsilon", readRadii)
    .option("--checkpoints <a-b>", "one attack an epoch, of those whose weights the run kept", readEpochs)
    .optionsGroup("Results:")
    .option("--out <folder>", "a folder for the results; one in the run's attacks/, where report looks, unless given")
    .option("--resume", "go on with an attack that was stopped", false)
    .option("--save-images", "write the images that mislead: adversarial.npy (float32), indices.npy")
    .optionsGroup("Machine:")
    .option("--checkpoint <last|best>", "which of the run's checkpoints; the last unless given")
    .option("--batch-size <n>", "images at a time; 128 unless given", wholeNumber("--batch-size", 1))
    .option(
      "--precision <auto|fp32|bf16|fp64>",
      "what convolutions compute in; fp32 unless given, for bf16 hides slopes",
    )
    .option("--kernels <auto|amx|avx512|winograd|stock>", "what runs the convolutions; auto in fp32 unless given")
    .option("--device <name>", "auto, cpu, cuda or cuda:N", "auto");
  addSharedOptions(command)
    .addHelpText("after", notes)
    .action(async (run: string, flags: AttackFlags) => {
      await (await import("./attack-run.js")).attackAndTell(run, flags);
    });
}
