// Models for others: ONNX, safetensors and PyTorch files.
export { type ExportedFile, type ExportRunOptions, exportRun, type RunExport } from "./export-run.js";
export { type OnnxOptions, OPSET, toOnnx } from "./onnx.js";
