// `selfadapt train` and `selfadapt pretrain`: from data or a recipe to a run folder.
import type { Command } from "commander";
import { z } from "zod";
import { InputError } from "../../../errors.js";
import { defaultMethod, defaultSelfSupervisedMethod, type Method } from "../../../methods/index.js";
import { type OptionsSchema, option } from "../../../options/index.js";
import { type CommandName, objectivesOf, requireMethodOf } from "../../../runs/methods-of-commands.js";
import { addOptions, readOptions } from "../../shared/options.js";
import {
  addRecipeOptions,
  methodOfHelp,
  recipeFromFlags,
  recipeOfArgument,
  requireSame,
} from "../../shared/recipe-options.js";
import { sharedOptions } from "../../shared/shared-options.js";
import { pretrainOptions, type TrainOptions, trainOptions } from "./train-options.js";

const examples = `
Examples:
  selfadapt train ./photos                                  a folder of classes, each a folder of images
  selfadapt train cifar-10-batches-bin --noise symmetric:0.4 --objective sat --epochs 30
  selfadapt train recipe.yaml --data ./photos --set lr=0.05
  selfadapt train --resume --out runs/photos-sat-1          resume a run that was stopped`;

const pretrainExamples = `
Examples:
  selfadapt pretrain ./photos                               self-adaptive training without labels
  selfadapt pretrain cifar-10-batches-bin --objective byol --epochs 200
  selfadapt probe runs/photos-sat-ssl-1 --data ./photos     evaluate the features
  selfadapt train ./photos --init runs/photos-sat-ssl-1     fine-tune from them`;

/** Training with labels. */
export function defineTrain(command: Command, words: readonly string[]): void {
  defineTraining(command, { words, examples, schema: trainOptions, fallback: defaultMethod });
}

/** Training without labels, with the same flags. */
export function definePretrain(command: Command, words: readonly string[]): void {
  const fallback = defaultSelfSupervisedMethod;
  defineTraining(command, { words, examples: pretrainExamples, schema: pretrainOptions, fallback });
}

interface Training {
  /** The words of the command line, which name the method of the help. */
  readonly words: readonly string[];
  readonly examples: string;
  readonly schema: OptionsSchema;
  /** The default method. */
  readonly fallback: Method;
}

function defineTraining(command: Command, { words, examples: help, schema, fallback }: Training): void {
  const name = command.name() as CommandName;
  const objectives = objectivesOf(name);
  command.argument("[data]", "folder or file with the training data, or a recipe (.yaml)");
  addOptions(command, schema);
  addRecipeOptions(command, { objectives, fallback, inHelp: methodOfHelp(words, fallback) });
  addOptions(command, z.object(sharedOptions))
    .addHelpText("after", `\nOptions of another method: selfadapt ${name} --help ${objectives.at(-1)}\n${help}`)
    .action(async (data: string | undefined, flags: Readonly<Record<string, unknown>>) => {
      const options = readOptions(z.object({ ...trainOptions.shape, ...sharedOptions }), flags);
      const byFlags = recipeFromFlags(flags);
      if (options.init !== undefined) requireSame("init", options.init, "weights", byFlags.weights);
      const recipe = {
        ...recipeOfArgument(data, byFlags),
        ...(options.init !== undefined && { weights: options.init }),
        ...byFlags,
      };
      const input = checkedRecipe(name, recipe, options, fallback);
      const run = await import("./train-run.js");
      if (options.findLr !== undefined) await run.printLearningRate(input, options);
      else await (options.dryRun ? run.printDryRun(input, options) : run.trainRun(name, input, options));
    });
}

/** The recipe with the command's default method. @throws InputError for options that conflict or are missing. */
function checkedRecipe(
  command: CommandName,
  recipe: Readonly<Record<string, unknown>>,
  { resume, skipMissing, out, dryRun, findLr }: TrainOptions,
  fallback: Method,
): Record<string, unknown> {
  const input = resume || recipe.objective !== undefined ? recipe : { ...recipe, objective: fallback.name };
  if (input.objective !== undefined) requireMethodOf(command, String(input.objective));
  if (resume && out === undefined) {
    throw new InputError(
      `${option("resume")} needs ${option("out", "RUN")}: received none; expected the folder of the run to resume`,
    );
  }
  if (resume && dryRun) {
    throw new InputError(`${option("resume")} and ${option("dryRun")} cannot be combined: a dry run is of a new run`);
  }
  if (findLr !== undefined && (resume || dryRun)) {
    const other = option(resume ? "resume" : "dryRun");
    throw new InputError(
      `${option("findLr")} is a run of its own, of which nothing is kept; received it with ${other}`,
    );
  }
  if (skipMissing && !resume) {
    throw new InputError(`${option("skipMissing")} goes with ${option("resume")}: a new run has no missing files`);
  }
  if (!input.data && !resume) {
    throw new InputError(
      `${command} needs data: received none; expected a folder or file, such as selfadapt ${command} ./photos`,
    );
  }
  return input;
}
