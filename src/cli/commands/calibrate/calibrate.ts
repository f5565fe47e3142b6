// `selfadapt calibrate`: the confidence threshold of a run.
import type { Command } from "commander";
import { z } from "zod";
import { calibrateOptions } from "../../../evaluation/calibrate-options.js";
import { dataOptions } from "../../shared/data-options.js";
import { addOptions, readOptions } from "../../shared/options.js";
import { computeOptions, sharedOptions } from "../../shared/shared-options.js";

const { seed, ...targets } = calibrateOptions.shape;

const schema = z.object({
  ...dataOptions,
  data: dataOptions.data.describe("held-out data").meta({ defaultText: "the run's validation part" }),
  ...targets,
  ...computeOptions,
  precision: computeOptions.precision.meta({ defaultText: "fp32, as in predict and export" }),
  seed,
  ...sharedOptions,
});

const headings = { coverage: "Target, one of:", score: "Confidence:", precision: "Machine:" };

const notes = `
Examples:
  selfadapt calibrate runs/photos-sat-selective-1 --data ./held-out --coverage 0.9
  selfadapt calibrate runs/photos-sat-selective-1 --data ./held-out --risk 0.01 --confidence 0.999
  selfadapt calibrate runs/photos-ce-1 --coverage 0.8 --temperature    on the run's validation part (--val-fraction)

Held-out data are samples that were neither trained on nor used to choose anything. The guarantee of --risk holds for
new samples from the same distribution, and only if the held-out data are used once: each further --risk weakens it.
The threshold is written to calibration.json in the run folder; evaluate, predict and export use it from then on.
Exit status 1, and nothing is written, when no threshold can guarantee the risk.`;

export function defineCalibrate(command: Command): void {
  addOptions(command.argument("<run>", "run folder"), schema, headings)
    .addHelpText("after", notes)
    .action(async (run: string, flags: object) => {
      const { json, threads, ...options } = readOptions(schema, flags);
      const [{ calibrateRun }, { setThreads }, { printResult, log }, { calibrationLines }] = await Promise.all([
        import("../../../evaluation/index.js"),
        import("../../../torch/index.js"),
        import("../../shared/output.js"),
        import("./calibrate-text.js"),
      ]);
      setThreads(threads);
      const result = await calibrateRun(run, options);
      for (const note of result.notes) log(note);
      printResult(json, result, calibrationLines(result));
    });
}
