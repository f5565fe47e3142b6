// `selfadapt cross-validate`: out-of-sample probabilities of every training sample.
import type { Command } from "commander";
import { z } from "zod";
import { InputError } from "../../../errors.js";
import { methodNamed } from "../../../methods/index.js";
import { option } from "../../../options/index.js";
import { objectivesOf, requireMethodOf } from "../../../runs/methods-of-commands.js";
import { addOptions, readOptions } from "../../shared/options.js";
import { addRecipeOptions, methodOfHelp, recipeFromFlags, recipeOfArgument } from "../../shared/recipe-options.js";
import { sharedOptions } from "../../shared/shared-options.js";
import { crossValidateOptions } from "./cross-validate-options.js";

const examples = `
Examples:
  selfadapt cross-validate ./photos --folds 5 --out probs.npy
  selfadapt issues --pred-probs probs.npy --data ./photos           label errors by these probabilities`;

/** Cross entropy, the common baseline. */
const defaultObjective = "ce";

export function defineCrossValidate(command: Command, words: readonly string[]): void {
  const fallback = methodNamed(defaultObjective);
  command.argument("[data]", "folder or file with the training data, or a recipe (.yaml)");
  addOptions(command, crossValidateOptions);
  addRecipeOptions(command, { objectives: objectivesOf("train"), fallback, inHelp: methodOfHelp(words, fallback) });
  addOptions(command, z.object(sharedOptions))
    .addHelpText("after", examples)
    .action(async (data: string | undefined, flags: Readonly<Record<string, unknown>>) => {
      const options = readOptions(z.object({ ...crossValidateOptions.shape, ...sharedOptions }), flags);
      const byFlags = recipeFromFlags(flags);
      const recipe: Record<string, unknown> = {
        objective: defaultObjective,
        ...recipeOfArgument(data, byFlags),
        ...byFlags,
      };
      requireMethodOf("train", String(recipe.objective));
      if (!recipe.data) {
        throw new InputError(
          `cross-validate needs data: received none; expected a folder or file, such as selfadapt cross-validate ./photos ${option("out", "probs.npy")}`,
        );
      }
      await (await import("./cross-validate-run.js")).runCrossValidation(recipe, options);
    });
}
