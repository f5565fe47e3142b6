// `selfadapt demo`: the main job on built-in data, in about a minute.
import type { Command } from "commander";
import type { DemoFlags } from "./demo-run.js";
import { addSharedOptions } from "./shared-options.js";

export function defineDemo(command: Command): void {
  command
    .option("--out <folder>", "where both runs and their report go; a new folder under runs/ unless given")
    .option("--seed <n>", "where all randomness starts", "0")
    .option("--device <name>", "auto, cpu, cuda or cuda:N", "auto");
  addSharedOptions(command)
    .addHelpText("after", "\nExamples:\n  selfadapt demo\n  selfadapt demo --seed 1 --json")
    .action(async (flags: DemoFlags) => (await import("./demo-run.js")).demoRun(flags));
}
