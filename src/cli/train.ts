// `selfadapt train`: from a folder of data, or a recipe, to a run.
import { extname } from "node:path";
import type { Command } from "commander";
import { InputError } from "../errors.js";
import { readRecipeFile } from "../training/recipe-file.js";
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

/** The recipe's keys from the file, the argument and the flags, the later ones winning. */
function recipeInput(data: string | undefined, flags: TrainFlags): Record<string, unknown> {
  const named = data === undefined ? {} : isRecipe(data) ? readRecipeFile(data) : { data };
  const input: Record<string, unknown> = { ...named, ...recipeFromFlags(flags) };
  if (flags.resume && flags.out === undefined) {
    throw new InputError("--resume needs --out RUN: received none; expected the folder of the run to go on with");
  }
  if (flags.resume && flags.dryRun) {
    throw new InputError("--resume and --dry-run exclude each other: a dry run is of a run not yet begun");
  }
  if (flags.out === "") throw new InputError("--out: received an empty name; expected the folder of the run");
  if (!input.data && !flags.resume) {
    throw new InputError(
      "train needs data: received none; expected a folder or file, such as selfadapt train ./photos",
    );
  }
  return input;
}
