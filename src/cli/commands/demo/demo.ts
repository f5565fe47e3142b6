// `selfadapt demo`: the main job on built-in data, in about a minute.
import type { Command } from "commander";
import { InputError } from "../../../errors.js";
import { addSharedOptions } from "../../shared/shared-options.js";
import type { DemoFlags } from "./demo-run.js";

const examples = `
Examples:
  selfadapt demo
  selfadapt demo --seed 1 --json
  selfadapt demo --out runs/demo --threads 1`;

/** Gives the command its flags and its action. */
export function defineDemo(command: Command): void {
  command
    .option("--out <folder>", "where both runs and their report go; a new folder under runs/ unless given")
    .option("--seed <n>", "where all randomness starts, the drawings' too; 0 unless given", parseSeed, 0)
    .option("--device <name>", "auto, cpu, cuda or cuda:N", "auto");
  addSharedOptions(command)
    .addHelpText("after", examples)
    .action(async (flags: DemoFlags) => (await import("./demo-run.js")).demoRun(flags));
}

/** @throws InputError for anything but a whole number from 0. */
function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seed)) return seed;
  throw new InputError(`--seed: received "${text}"; expected a whole number from 0`);
}
