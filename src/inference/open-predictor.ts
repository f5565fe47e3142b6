// Opens a run folder or an exported model for prediction; each loads only the runtime that it needs.
import { kindOf } from "../data/files.js";
import { InputError } from "../errors.js";
import { option, parseOptions } from "../options/index.js";
import { withFlips } from "./flipped.js";
import type { Predictor } from "./predictor.js";
import { type PredictorOptions, predictorOptions } from "./predictor-options.js";

/**
 * Opens a run folder (computed by libtorch, in float32) or an ONNX model that `export` wrote (by onnxruntime; libtorch need
 * not be there).
 *
 * Throws `InputError` where it is neither, or cannot be used.
 */
export async function openPredictor(path: string, given: PredictorOptions = {}): Promise<Predictor> {
  const options = parseOptions(predictorOptions, given);
  const predictor = await openPlain(path, options);
  return options.tta === "flip" ? withFlips(predictor) : predictor;
}

async function openPlain(path: string, options: PredictorOptions): Promise<Predictor> {
  const kind = await kindOf(path);
  if (kind === "missing") {
    throw new InputError(
      `there is no "${path}"; expected a run folder, or an ONNX model as export ${option("onnx")} writes it`,
    );
  }
  if (kind === "folder") return (await import("./run-predictor.js")).openRunPredictor(path, options);
  if (options.checkpoint !== undefined) {
    throw new InputError(`${option("checkpoint", options.checkpoint)} is for run folders; ${path} holds one model`);
  }
  return (await import("./onnx-predictor.js")).openOnnxPredictor(path, options);
}
