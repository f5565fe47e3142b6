// `selfadapt inspect`: how a data set is read, without training on it.
import type { Command } from "commander";
import { addOptions, readOptions } from "../../shared/options.js";
import { inspectOptions } from "./inspect-options.js";

const examples = `
Examples:
  selfadapt inspect ./photos                        parts, classes, image sizes, and what is left out
  selfadapt inspect ./photos --html sheet.html      ten pictures of each class
  selfadapt inspect labels.csv --label-column breed --json`;

export function defineInspect(command: Command): void {
  addOptions(command.argument("<data>", "folder or file with the data"), inspectOptions)
    .addHelpText("after", examples)
    .action(async (data: string, flags: object) => {
      const options = readOptions(inspectOptions, flags);
      await (await import("./inspect-run.js")).inspect(data, options);
    });
}
