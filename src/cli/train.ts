// `selfadapt train`: from a folder of data, or a recipe, to a run.
import { existsSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import type { Command } from "commander";
import { parse } from "yaml";
import { InputError } from "../errors.js";
import { addRecipeOptions, addSharedOptions, recipeFromFlags } from "./shared-options.js";
import type { TrainFlags } from "./train-run.js";

const examples = `
Examples:
  selfadapt train ./photos                                  a folder of classes, each a folder of images
  selfadapt train cifar-10-batches-bin --noise symmetric:0.4 --objective sat --epochs 30
  selfadapt train recipe.yaml --data ./photos --set lr=0.05
  selfadapt train --resume --out runs/photos-sat-1          go on with a run that was stopped`;

export function defineTrain(command: Command): void {
  command
    .argument("[data]", "folder or file with the training data, or a recipe (.yaml)")
    .option("--out <run>", "run folder to write; a new one under runs/ unless given")
    .option("--resume", "go on with the run in --out, by its own recipe", false)
    .option("--dry-run", "say what would be done and how long it would take; write nothing", false);
  addSharedOptions(addRecipeOptions(command))
    .addHelpText("after", examples)
    .action(async (data: string | undefined, flags: TrainFlags) => {
      const input = recipeInput(data, flags);
      const run = await import("./train-run.js");
      await (flags.dryRun ? run.dryRun(input, flags) : run.trainRun(input, flags));
    });
}

const isRecipe = (path: string) => /^\.ya?ml$/.test(extname(path));

function readRecipeFile(path: string): Record<string, unknown> {
  if (!existsSync(path)) throw new InputError(`recipe ${path} does not exist`);
  const contents: unknown = parse(readFileSync(path, "utf8"));
  if (typeof contents !== "object" || contents === null || Array.isArray(contents)) {
    throw new InputError(`recipe ${path} is not a list of key: value lines`);
  }
  const { resolved, ...recipe } = contents as Record<string, unknown>;
  return recipe;
}

/** The recipe's keys from the file, the argument and the flags, the later ones winning. */
function recipeInput(data: string | undefined, flags: TrainFlags): Record<string, unknown> {
  const named = data === undefined ? {} : isRecipe(data) ? readRecipeFile(data) : { data };
  const input: Record<string, unknown> = { ...named, ...recipeFromFlags(flags) };
  if (input.data === undefined && !flags.resume) {
    throw new InputError(
      "train needs data: received none; expected a folder or file, such as selfadapt train ./photos",
    );
  }
  return input;
}
