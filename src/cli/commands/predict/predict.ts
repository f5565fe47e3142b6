// `selfadapt predict`: what a model says of files, and where it would rather not.
import type { Command } from "commander";
import { wholeNumber } from "../../shared/numbers.js";
import { addPredictorOptions } from "../../shared/predictor-options.js";
import type { PredictFlags } from "./predict-run.js";

const examples = `
Examples:
  selfadapt predict model.onnx photo1.jpg photos/               files, and all images below a folder
  selfadapt predict model.onnx 'photos/**/*.jpg' --json         a pattern
  find photos -name '*.jpg' -print0 | selfadapt predict model.onnx -
  selfadapt predict runs/photos-sat-1 new.npy --threshold 0.8   a run folder, computed by the engine`;

export function definePredict(command: Command): void {
  command
    .argument("<model>", "ONNX model written by export, or run folder")
    .argument("<input...>", "image files, folders, quoted patterns, .npy arrays, or - for a list of paths on stdin")
    .option("--batch-size <n>", "samples answered at once", wholeNumber("--batch-size", 1, 4096), 32)
    .option("--strict", "refuse a file that cannot be decoded, where it would be named and passed over", false);
  addPredictorOptions(command)
    .addHelpText("after", examples)
    .action(async (model: string, inputs: string[], flags: PredictFlags) => {
      await (await import("./predict-run.js")).predictAndTell(model, inputs, flags);
    });
}
