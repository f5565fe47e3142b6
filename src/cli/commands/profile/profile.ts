// `selfadapt profile`: where the time of a training step goes.
import type { Command } from "commander";
import { z } from "zod";
import { InputError } from "../../../errors.js";
import { defaultMethod, methods } from "../../../methods/index.js";
import { addOptions, readOptions } from "../../shared/options.js";
import { addRecipeOptions, methodOfHelp, recipeFromFlags, recipeOfArgument } from "../../shared/recipe-options.js";
import { sharedOptions } from "../../shared/shared-options.js";
import { allProfileOptions, profileOptions } from "./profile-options.js";

const examples = `
Trains a few steps and writes nothing.

Examples:
  selfadapt profile ./photos --model resnet18
  selfadapt profile recipe.yaml --data ./photos --precision bf16 --steps 50
  selfadapt profile ./photos --objective simclr --json`;

export function defineProfile(command: Command, words: readonly string[]): void {
  const objectives = methods().map(({ name }) => name);
  command.argument("[data]", "folder or file with the training data, or a recipe (.yaml)");
  addOptions(command, profileOptions);
  addRecipeOptions(command, { objectives, fallback: defaultMethod, inHelp: methodOfHelp(words, defaultMethod) });
  addOptions(command, z.object(sharedOptions))
    .addHelpText("after", examples)
    .action(async (data: string | undefined, flags: Readonly<Record<string, unknown>>) => {
      const options = readOptions(allProfileOptions, flags);
      const byFlags = recipeFromFlags(flags);
      const recipe: Record<string, unknown> = {
        objective: defaultMethod.name,
        ...recipeOfArgument(data, byFlags),
        ...byFlags,
      };
      if (!("data" in recipe)) {
        throw new InputError(
          "profile needs data: received none; expected a folder or file, such as selfadapt profile ./photos",
        );
      }
      await (await import("./profile-run.js")).runProfile(recipe, options);
    });
}
