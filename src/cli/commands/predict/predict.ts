// `selfadapt predict`: labels and confidences of files.
import type { Command } from "commander";
import { addOptions, readOptions } from "../../shared/options.js";
import { predictOptions } from "./predict-options.js";

const examples = `
Examples:
  selfadapt predict model.onnx photo1.jpg photos/               files, and all images in a folder and below
  selfadapt predict model.onnx 'photos/**/*.jpg' --json         a pattern
  find photos -name '*.jpg' -print0 | selfadapt predict model.onnx -
  selfadapt predict runs/photos-sat-1 new.npy --threshold 0.8   a run folder, computed by libtorch`;

export function definePredict(command: Command): void {
  command
    .argument("<model>", "ONNX model written by export, or run folder")
    .argument("<input...>", "image files, folders, quoted patterns, .npy arrays, or - for a list of paths on stdin");
  addOptions(command, predictOptions)
    .addHelpText("after", examples)
    .action(async (model: string, inputs: string[], flags: object) => {
      const options = readOptions(predictOptions, flags);
      await (await import("./predict-run.js")).predict(model, inputs, options);
    });
}
