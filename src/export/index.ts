// Models for others: ONNX, safetensors and PyTorch files.
export type { ExportRunOptions } from "./export-options.js";
export { type ExportedFile, exportRun, type RunExport } from "./export-run.js";
export { type OnnxOptions, OPSET, toOnnx } from "./onnx.js";
