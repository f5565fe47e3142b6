// Runs `export`, and prints what each file contains.
import { exportRun, OPSET, type RunExport } from "../../../export/index.js";
import { setThreads } from "../../../torch/index.js";
import { alignedRows, log, printResult } from "../../shared/output.js";
import type { ExportOptions } from "./export-options.js";

const contents = { onnx: `ONNX, opset ${OPSET}`, safetensors: "weights", pth: "weights for PyTorch" } as const;

/** @throws InputError for a run that cannot be exported, or files that cannot be written. */
export function exportModel(run: string, { json, threads, ...options }: ExportOptions): void {
  setThreads(threads);
  const result = exportRun(run, options);
  if (result.threshold === null) log("the run is not calibrated: the model never abstains");
  printResult(json, result, exportLines(result));
}

function exportLines({ files, checkpoint, score, threshold }: RunExport): string[] {
  const abstention = threshold === null ? "" : `, abstains below ${threshold}`;
  return alignedRows([
    ...files.map(({ form, file, bytes }) => [file, `${(bytes / 1e6).toFixed(1)} MB, ${contents[form]}`] as const),
    ["checkpoint", checkpoint],
    ["confidence", `by ${score}${abstention}`],
  ]);
}
