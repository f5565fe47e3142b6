// `selfadapt evaluate`: how good a run's model is on data.
import type { Command } from "commander";
import { addSharedOptions, type SharedOptions } from "./shared-options.js";

interface EvaluateFlags extends SharedOptions {
  readonly data?: string;
  readonly format?: string;
  readonly labels?: string;
  readonly checkpoint: string;
  readonly device: string;
  readonly precision?: string;
  readonly kernels?: string;
}

const examples = `
Examples:
  selfadapt evaluate runs/photos-sat-1 --data ./new-photos
  selfadapt evaluate runs/photos-sat-1 --checkpoint best --json`;

export function defineEvaluate(command: Command): void {
  command
    .argument("<run>", "run folder")
    .option(
      "--data <path>",
      "data to evaluate on: its test part where it has one, else all of it; the run's own unless given",
    )
    .option("--format <name>", "how the data lies on disk; recognised unless given")
    .option("--labels <file>", "labels of data that carries none (.npy or .csv)")
    .option("--checkpoint <last|best>", "which of the run's checkpoints", "last")
    .option("--precision <auto|fp32|bf16|fp64>", "what convolutions compute in; as the run was trained unless given")
    .option("--kernels <auto|amx|avx512|stock>", "what runs the convolutions; as the run was trained unless given")
    .option("--device <name>", "auto, cpu, cuda or cuda:N", "auto")
    .option("--seed <n>", "accepted by every command; evaluation draws nothing at random");
  addSharedOptions(command)
    .addHelpText("after", examples)
    .action(async (run: string, { json, threads, ...options }: EvaluateFlags) => {
      const [{ evaluateRun }, { setThreads }, { answer, columns, percent, tell }] = await Promise.all([
        import("../training/index.js"),
        import("../torch/index.js"),
        import("./output.js"),
      ]);
      if (threads !== undefined) setThreads(threads);
      const result = await evaluateRun(run, options);
      for (const note of result.notes) tell(note);
      const coverages = Object.entries(result.errorAtCoverage).sort(([a], [b]) => Number(b) - Number(a));
      answer(json, result, [
        ...columns([
          ["samples", `${result.samples}${result.part === "test" ? " of the test part" : ""}`],
          ["accuracy", percent(result.testAccuracy)],
          ["cross entropy", result.testLoss.toFixed(4)],
          ["calibration error (15 bins)", percent(result.ece)],
          ["area under risk-coverage", result.aurc.toFixed(5)],
        ]),
        "",
        "error among the most confident",
        ...columns(coverages.map(([coverage, error]) => [`  ${coverage.padStart(3)}%`, percent(error)])),
      ]);
    });
}
