// `selfadapt serve`: what `predict` answers, over HTTP.
import type { Command } from "commander";
import { finiteNumber, wholeNumber } from "../../shared/numbers.js";
import { addPredictorOptions } from "../../shared/predictor-options.js";
import type { ServeFlags } from "./serve-run.js";

const examples = `
Examples:
  selfadapt serve model.onnx                                     http://127.0.0.1:8080, for this machine alone
  curl --data-binary @photo.jpg -H 'content-type: image/jpeg' http://127.0.0.1:8080/predict
  curl -F a=@a.jpg -F b=@b.jpg http://127.0.0.1:8080/predict
  selfadapt serve model.onnx --host 0.0.0.0 --port 80 --queue 512`;

export function defineServe(command: Command): void {
  command
    .argument("<model>", "ONNX model written by export, or run folder")
    .option("--host <address>", "where to listen; 0.0.0.0 is every network of the machine", "127.0.0.1")
    .option("--port <n>", "port; 0 takes a free one", wholeNumber("--port", 0, 65535), 8080)
    .optionsGroup("Limits:")
    .option("--max-batch <n>", "samples answered together", wholeNumber("--max-batch", 1, 4096), 32)
    .option("--max-wait-ms <n>", "how long a sample waits for others", wholeNumber("--max-wait-ms", 0, 10_000), 2)
    .option("--queue <n>", "samples taken on and not yet answered; 503 beyond", wholeNumber("--queue", 1, 1e6), 256)
    .option("--body-limit <MB>", "size of a request", finiteNumber("--body-limit", 0.001, 1000), 10)
    .option(
      "--timeout <seconds>",
      "for a request to arrive, and for its answer",
      finiteNumber("--timeout", 0.1, 3600),
      30,
    )
    .optionsGroup("Model:");
  addPredictorOptions(command)
    .addHelpText("after", examples)
    .action(async (model: string, flags: ServeFlags) => {
      await (await import("./serve-run.js")).serveUntilStopped(model, flags);
    });
}
