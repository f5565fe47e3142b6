// `selfadapt export`: a run's model as files for other programs.
import type { Command } from "commander";
import { addOptions, readOptions } from "../../shared/options.js";
import { exportOptions } from "./export-options.js";

const examples = `
Examples:
  selfadapt export runs/photos-sat-1 --onnx photos.onnx
  selfadapt export runs/photos-sat-1 --checkpoint best --onnx photos.onnx --pth photos.pth`;

export function defineExport(command: Command): void {
  addOptions(command.argument("<run>", "run folder"), exportOptions)
    .addHelpText("after", examples)
    .action(async (run: string, flags: object) => {
      const options = readOptions(exportOptions, flags);
      (await import("./export-run.js")).exportModel(run, options);
    });
}
