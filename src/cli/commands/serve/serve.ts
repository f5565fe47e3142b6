// `selfadapt serve`: predictions over HTTP.
import type { Command } from "commander";
import { addOptions, readOptions } from "../../shared/options.js";
import { headings, serveOptions } from "./serve-options.js";

const examples = `
Examples:
  selfadapt serve model.onnx                                     http://127.0.0.1:8080, for this machine alone
  curl --data-binary @photo.jpg http://127.0.0.1:8080/predict
  curl -F a=@a.jpg -F b=@b.jpg http://127.0.0.1:8080/predict
  selfadapt serve model.onnx --host 0.0.0.0 --port 80 --queue 512`;

export function defineServe(command: Command): void {
  addOptions(command.argument("<model>", "ONNX model written by export, or run folder"), serveOptions, headings)
    .addHelpText("after", examples)
    .action(async (model: string, flags: object) => {
      const options = readOptions(serveOptions, flags);
      await (await import("./serve-run.js")).serve(model, options);
    });
}
