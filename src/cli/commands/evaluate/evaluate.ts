// `selfadapt evaluate`: how good a run's model is on data.
import type { Command } from "commander";
import { finiteNumber, wholeNumber } from "../../shared/numbers.js";
import { addSharedOptions, type SharedOptions } from "../../shared/shared-options.js";

interface EvaluateFlags extends SharedOptions {
  readonly data?: string;
  readonly format?: string;
  readonly labels?: string;
  readonly checkpoint?: string;
  readonly score?: string;
  readonly passes?: number;
  readonly seed?: number;
  readonly device: string;
  readonly precision?: string;
  readonly kernels?: string;
}

const examples = `
Examples:
  selfadapt evaluate runs/photos-sat-1 --data ./new-photos
  selfadapt evaluate runs/photos-sat-1 --checkpoint best --json
  selfadapt evaluate runs/photos-sat-1 --data ./new-photos --score all    every score of confidence side by side

A run that is calibrated is judged by the temperature found, and what its threshold comes to is said too.`;

export function defineEvaluate(command: Command): void {
  command
    .argument("<run>", "run folder")
    .option(
      "--data <path>",
      "data to evaluate on: its test part where it has one, else all of it; the run's own unless given",
    )
    .option("--format <name>", "how the data lies on disk; recognised unless given")
    .option("--labels <file>", "labels of data that carries none (.npy or .csv)")
    .option(
      "--checkpoint <last|best>",
      "which of the run's checkpoints; the one that is calibrated, else the last, unless given",
    )
    .option("--score <name|all>", "score of confidence to rank by, or all of them; the method's own unless given")
    .option(
      "--passes <n>",
      "passes of MC dropout, for --score mc-dropout or all; as calibrated, else 10, unless given",
      finiteNumber("--passes"),
    )
    .option(
      "--precision <auto|fp32|bf16|fp64>",
      "what convolutions compute in; as the run was trained, or fp32 where it is calibrated, unless given",
    )
    .option(
      "--kernels <auto|amx|avx512|winograd|stock>",
      "what runs the convolutions; as the run was trained unless given",
    )
    .option("--device <name>", "auto, cpu, cuda or cuda:N", "auto")
    .option(
      "--seed <n>",
      "what intervals and MC dropout are drawn by; the run's own unless given",
      wholeNumber("--seed", 0),
    );
  addSharedOptions(command)
    .addHelpText("after", examples)
    .action(async (run: string, { json, threads, ...options }: EvaluateFlags) => {
      const [{ evaluateRun }, { setThreads }, { printResult, log }, { evaluationLines }] = await Promise.all([
        import("../../../evaluation/index.js"),
        import("../../../torch/index.js"),
        import("../../shared/output.js"),
        import("./evaluate-text.js"),
      ]);
      if (threads !== undefined) setThreads(threads);
      const result = await evaluateRun(run, options);
      for (const note of result.notes) log(note);
      printResult(json, result, evaluationLines(result));
    });
}
