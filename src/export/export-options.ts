// The options of `exportRun`.
import { z } from "zod";
import { calibratedCheckpoint, path } from "../options/index.js";

const file = () => path("file").optional();

/** The files to write, replacing those that exist, and the checkpoint that they are made of. */
export const exportOptions = z.object({
  onnx: file().describe("write ONNX: normalization, network, probabilities, prediction, confidence and abstention"),
  safetensors: file().describe("write the weights, with classes and normalization as metadata"),
  pth: file().describe("write the weights for PyTorch's torch.load (weights_only=True)"),
  checkpoint: calibratedCheckpoint(),
});

export type ExportRunOptions = z.input<typeof exportOptions>;
