// `selfadapt calibrate`: from which confidence on a run answers.
import type { Command } from "commander";
import { finiteNumber, wholeNumber } from "../../shared/numbers.js";
import { addSharedOptions, type SharedOptions } from "../../shared/shared-options.js";

interface CalibrateFlags extends SharedOptions {
  readonly data?: string;
  readonly format?: string;
  readonly labels?: string;
  readonly coverage?: number;
  readonly risk?: number;
  readonly confidence?: number;
  readonly score?: string;
  readonly temperature: boolean;
  readonly checkpoint: string;
  readonly passes?: number;
  readonly seed?: number;
  readonly device: string;
  readonly precision?: string;
  readonly kernels?: string;
}

const notes = `
Examples:
  selfadapt calibrate runs/photos-sat-selective-1 --data ./held-out --coverage 0.9
  selfadapt calibrate runs/photos-sat-selective-1 --data ./held-out --risk 0.01 --confidence 0.999
  selfadapt calibrate runs/photos-ce-1 --coverage 0.8 --temperature    on the run's validation part (--val-fraction)

Held-out data are samples that the run has not learnt from and that nothing else was chosen by. The promise of --risk
holds for new samples drawn like them, and only if they are used once: each further --risk tried on them weakens it.
The threshold goes into the run folder as calibration.json; evaluate, predict and export use it from then on.
Exit status 1, and nothing written, where no threshold can promise the risk.`;

export function defineCalibrate(command: Command): void {
  command
    .argument("<run>", "run folder")
    .option(
      "--data <path>",
      "held-out data: its test part where it has one, else all of it; the run's validation part unless given",
    )
    .option("--format <name>", "how the data lies on disk; recognised unless given")
    .option("--labels <file>", "labels of data that carries none (.npy or .csv)")
    .optionsGroup("Wanted, one of:")
    .option("--coverage <share>", "share of the samples to answer, such as 0.9", finiteNumber("--coverage"))
    .option("--risk <share>", "error among the answered to promise, such as 0.01", finiteNumber("--risk"))
    .option(
      "--confidence <share>",
      "how probable it is that the promise holds; 0.999 unless given",
      finiteNumber("--confidence"),
    )
    .optionsGroup("Confidence:")
    .option("--score <name>", "score of confidence to answer by; the method's own unless given")
    .option("--temperature", "fit a temperature to the same samples first, and use it from then on", false)
    .option("--passes <n>", "passes of MC dropout, for --score mc-dropout; 10 unless given", finiteNumber("--passes"))
    .option("--checkpoint <last|best>", "which of the run's checkpoints", "last")
    .optionsGroup("Machine:")
    .option(
      "--precision <auto|fp32|bf16|fp64>",
      "what convolutions compute in; fp32, as predict and export, unless given",
    )
    .option(
      "--kernels <auto|amx|avx512|winograd|stock>",
      "what runs the convolutions; as the run was trained unless given",
    )
    .option("--device <name>", "auto, cpu, cuda or cuda:N", "auto")
    .option("--seed <n>", "what MC dropout is drawn by; the run's own unless given", wholeNumber("--seed", 0));
  addSharedOptions(command)
    .addHelpText("after", notes)
    .action(async (run: string, { json, threads, ...options }: CalibrateFlags) => {
      const [{ calibrateRun }, { setThreads }, { printResult, log }, { calibrationLines }] = await Promise.all([
        import("../../../evaluation/index.js"),
        import("../../../torch/index.js"),
        import("../../shared/output.js"),
        import("./calibrate-text.js"),
      ]);
      if (threads !== undefined) setThreads(threads);
      const result = await calibrateRun(run, options);
      for (const note of result.notes) log(note);
      printResult(json, result, calibrationLines(result));
    });
}
