// `selfadapt reproduce`: a table of the paper, or anybody's study, from its runs to its results.
import type { Command } from "commander";
import { InputError } from "../../../errors.js";
import { collect } from "../../shared/recipe-options.js";
import { addSharedOptions } from "../../shared/shared-options.js";
import type { ReproduceFlags } from "./reproduce-run.js";

const examples = `
Tables:
  label-noise            test accuracy under label noise, the paper's method and its rivals
  double-descent-width   test error against the network's width
  double-descent-epoch   test error against the epochs
  selective              error among the samples that the network is most sure of, by every method and score

Examples:
  selfadapt reproduce label-noise --data cifar-10-batches-bin
  selfadapt reproduce label-noise --profile paper --data cifar --only cifar-10-resnet34-noise-0.4
  selfadapt reproduce double-descent-width --data cifar-10-batches-bin --only width=4,width=8 --dry-run
  selfadapt reproduce my-sweep.yaml --data ./photos --set valFraction=null --seeds 0,1`;

export function defineReproduce(command: Command): void {
  command
    .argument("<table>", "one of the tables below, or a study of your own (.yaml)")
    .option("--profile <paper|cpu>", "the paper's own recipes, or a scaled study for a few cores; cpu unless given")
    .option("--data <dir>", "the data, or the folder that holds the data of several rows")
    .option("--out <folder>", "where the runs and the results go; runs/<table>-<profile> unless given")
    .option("--seeds <a,b,...>", "seeds to run every row with; the study's unless given", parseSeeds)
    .option("--only <a,b,...>", "only these rows, by name, series or axis=value", (text) => text.split(","))
    .option("--jobs <n>", "runs at a time; as many as the CPU has cores unless given, one on CUDA", parseJobs)
    .option(
      "--set <key=value>",
      "any recipe key in every recipe, in YAML, null to unset it; may be repeated",
      collect,
      [],
    )
    .option("--device <name>", "auto, cpu, cuda or cuda:N")
    .option("--dry-run", "say what would be run and how long it would take; write nothing", false);
  addSharedOptions(command, "threads of each run; 1 unless given, on CUDA all cores")
    .addHelpText("after", examples)
    .action(async (table: string, flags: ReproduceFlags) => {
      await (await import("./reproduce-run.js")).reproduce(table, flags);
    });
}

const isWhole = (text: string) => /^\d+$/.test(text) && Number.isSafeInteger(Number(text));

/** @throws InputError for anything but whole numbers from 0, each once. */
function parseSeeds(text: string): number[] {
  const words = text.split(",");
  if (words.every(isWhole) && new Set(words.map(Number)).size === words.length) return words.map(Number);
  throw new InputError(`--seeds: received "${text}"; expected whole numbers from 0, each once, such as 0,1,2`);
}

/** @throws InputError for anything but a whole number from 1. */
function parseJobs(text: string): number {
  if (isWhole(text) && Number(text) >= 1) return Number(text);
  throw new InputError(`--jobs: received "${text}"; expected a whole number from 1`);
}
