// `selfadapt train`: from a folder of data, or a recipe, to a run.
import { extname } from "node:path";
import type { Command } from "commander";
import { InputError } from "../../../errors.js";
import { defaultMethod, defaultSelfSupervisedMethod, type Method } from "../../../methods/index.js";
import { readRecipeFile } from "../../../runs/recipe/recipe-file.js";
import { type CommandName, objectivesOf, requireMethodOf } from "../../shared/methods-of-commands.js";
import { addRecipeOptions, methodOfHelp, recipeFromFlags } from "../../shared/recipe-options.js";
import { addSharedOptions } from "../../shared/shared-options.js";
import type { TrainFlags } from "./train-run.js";

const examples = `
Examples:
  selfadapt train ./photos                                  a folder of classes, each a folder of images
  selfadapt train cifar-10-batches-bin --noise symmetric:0.4 --objective sat --epochs 30
  selfadapt train recipe.yaml --data ./photos --set lr=0.05
  selfadapt train --resume --out runs/photos-sat-1          go on with a run that was stopped`;

const pretrainExamples = `
Examples:
  selfadapt pretrain ./photos                               self-adaptive training, labels not used
  selfadapt pretrain cifar-10-batches-bin --objective byol --epochs 200
  selfadapt probe runs/photos-sat-ssl-1 --data ./photos     what the features know
  selfadapt train ./photos --init runs/photos-sat-ssl-1     fine-tune from them`;

/** Training from labels. */
export function defineTrain(command: Command, words: readonly string[]): void {
  command.option("--init <run>", "pretrained run to start from; another name of --weights");
  defineTraining(command, { words, examples, fallback: defaultMethod });
}

/** Training without labels, by the same flags. */
export function definePretrain(command: Command, words: readonly string[]): void {
  defineTraining(command, { words, examples: pretrainExamples, fallback: defaultSelfSupervisedMethod });
}

interface Training {
  /** The words of the command line, for a help that is about one method. */
  readonly words: readonly string[];
  readonly examples: string;
  /** The method of recipes that name none. */
  readonly fallback: Method;
}

function defineTraining(command: Command, { words, examples: help, fallback }: Training): void {
  const name = command.name() as CommandName;
  const objectives = objectivesOf(name);
  command
    .argument("[data]", "folder or file with the training data, or a recipe (.yaml)")
    .option("--out <run>", "run folder to write; a new one under runs/ unless given")
    .option("--resume", "go on with the run in --out, by its own recipe", false)
    .option("--dry-run", "say what would be done and how long it would take; write nothing", false);
  addSharedOptions(addRecipeOptions(command, { objectives, fallback, shown: methodOfHelp(words, fallback) }))
    .addHelpText("after", `\nOptions of another method: selfadapt ${name} --help ${objectives.at(-1)}\n${help}`)
    .action(async (data: string | undefined, flags: TrainFlags) => {
      const input = recipeInput(name, data, flags, fallback);
      const run = await import("./train-run.js");
      await (flags.dryRun ? run.dryRun(input, flags) : run.trainRun(name, input, flags));
    });
}

const isRecipe = (path: string) => /^\.ya?ml$/.test(extname(path));

/** The recipe's keys from the file, the argument and the flags, the later ones winning. */
function recipeInput(
  command: CommandName,
  data: string | undefined,
  flags: TrainFlags,
  fallback: Method,
): Record<string, unknown> {
  const named = data === undefined ? {} : isRecipe(data) ? readRecipeFile(data) : { data };
  const init = flags.init === undefined ? {} : { weights: flags.init };
  const input: Record<string, unknown> = { ...named, ...init, ...recipeFromFlags(flags) };
  if (!flags.resume && input.objective === undefined) input.objective = fallback.name;
  if (input.objective !== undefined) requireMethodOf(command, String(input.objective));
  if (flags.resume && flags.out === undefined) {
    throw new InputError("--resume needs --out RUN: received none; expected the folder of the run to go on with");
  }
  if (flags.resume && flags.dryRun) {
    throw new InputError("--resume and --dry-run exclude each other: a dry run is of a run not yet begun");
  }
  if (flags.out === "") throw new InputError("--out: received an empty name; expected the folder of the run");
  if (!input.data && !flags.resume) {
    throw new InputError(
      `${command} needs data: received none; expected a folder or file, such as selfadapt ${command} ./photos`,
    );
  }
  return input;
}
