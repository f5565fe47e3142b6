// `selfadapt export`: a run's model as files for other programs.
import type { Command } from "commander";
import { addSharedOptions, type SharedOptions } from "../../shared/shared-options.js";

interface ExportFlags extends SharedOptions {
  readonly onnx?: string;
  readonly safetensors?: string;
  readonly pth?: string;
  readonly checkpoint?: string;
}

const examples = `
Examples:
  selfadapt export runs/photos-sat-1 --onnx photos.onnx
  selfadapt export runs/photos-sat-1 --checkpoint best --onnx photos.onnx --pth photos.pth`;

export function defineExport(command: Command): void {
  command
    .argument("<run>", "run folder")
    .option(
      "--onnx <file>",
      "write an ONNX model: normalization, network, probabilities, answer, confidence and abstention",
    )
    .option("--safetensors <file>", "write the weights, with the classes and the normalization as metadata")
    .option("--pth <file>", "write the weights as PyTorch's torch.load reads them")
    .option(
      "--checkpoint <last|best>",
      "which of the run's checkpoints; the one that is calibrated, else the last, unless given",
    )
    .option("--device <name>", "accepted by every command; models are exported on the CPU")
    .option("--seed <n>", "accepted by every command; an export draws nothing at random");
  addSharedOptions(command)
    .addHelpText("after", examples)
    .action(async (run: string, { json, threads, ...options }: ExportFlags) => {
      const [{ exportRun, OPSET }, { setThreads }, { printResult, alignedRows, log }] = await Promise.all([
        import("../../../export/index.js"),
        import("../../../torch/index.js"),
        import("../../shared/output.js"),
      ]);
      if (threads !== undefined) setThreads(threads);
      const result = exportRun(run, options);
      const { files, checkpoint, score, threshold } = result;
      if (threshold === null) log("the run is not calibrated: the model answers everything");
      const contents = { onnx: `ONNX, opset ${OPSET}`, safetensors: "weights", pth: "weights for PyTorch" };
      printResult(
        json,
        result,
        alignedRows([
          ...files.map(({ form, file, bytes }) => [file, `${(bytes / 1e6).toFixed(1)} MB, ${contents[form]}`] as const),
          ["checkpoint", checkpoint],
          ["confidence", `by ${score}${threshold === null ? "" : `, answered from ${threshold} on`}`],
        ]),
      );
    });
}
