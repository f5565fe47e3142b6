// Runs `convert`, and prints what was kept and what was not.
import { type Conversion, convertWeights } from "../../../models/index.js";
import { setThreads } from "../../../torch/index.js";
import { alignedRows, printResult } from "../../shared/output.js";
import type { ConvertOptions } from "./convert-options.js";

/** @throws InputError for weights that do not fit the network, or a file that cannot be written. */
export async function runConvert(weights: string, { json, threads, ...options }: ConvertOptions): Promise<void> {
  setThreads(threads);
  const { model, out, imageSize, width } = options;
  const result = await convertWeights(weights, { model, out, imageSize, width });
  printResult(json, result, conversionLines(result));
}

function conversionLines({ file, model, imageSize, classes, tensors, ignored }: Conversion): string[] {
  return alignedRows([
    ["file", file],
    ["network", `${model}, ${tensors} tensors, images of ${imageSize} pixels`],
    ["classifier", classes === null ? "none" : `${classes} classes`],
    ...(ignored.length > 0 ? [["not used", ignored.join(", ")] as const] : []),
  ]);
}
