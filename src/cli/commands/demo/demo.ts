// `selfadapt demo`: cross entropy and self-adaptive training on built-in data, in about a minute.
import type { Command } from "commander";
import { addOptions, readOptions } from "../../shared/options.js";
import { demoOptions } from "./demo-options.js";

const examples = `
Examples:
  selfadapt demo
  selfadapt demo --seed 1 --json
  selfadapt demo --out runs/demo --threads 1`;

export function defineDemo(command: Command): void {
  addOptions(command, demoOptions)
    .addHelpText("after", examples)
    .action(async (flags: object) => (await import("./demo-run.js")).demoRun(readOptions(demoOptions, flags)));
}
