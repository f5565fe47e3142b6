// Evaluates the model of a finished or stopped run on data.
import type { z } from "zod";
import { parseOptions } from "../options/index.js";
import { readCheckpoint } from "../runs/checkpoint.js";
import { readClassifierRecipe } from "../runs/classifier-recipe.js";
import { type Calibration, readCalibration } from "../runs/files/calibration.js";
import type { ComputeOptions } from "../runs/model/open-model.js";
import type { distributed } from "../torch/index.js";
import { defaultPasses, evaluateOptions } from "./evaluate-options.js";
import { type EvaluationData, type EvaluationDataOptions, readEvaluationData } from "./evaluation-data.js";
import { withRunPredictions } from "./predictions.js";
import { requestedScores } from "./requested-score.js";
import { type CalibratedPoint, calibratedPoint, type RunFigures, runFigures } from "./run-figures.js";

/** Without `data` and `dataSet`, the run's data is used. */
export interface EvaluateRunOptions extends ComputeOptions, EvaluationDataOptions, z.input<typeof evaluateOptions> {
  /** The ranks that share the samples, each by a call of its own; all get the result (default: this process). */
  readonly group?: distributed.ProcessGroup | undefined;
}

export interface RunEvaluation extends RunFigures {
  /** Of a run that is calibrated. */
  readonly operatingPoint: CalibratedPoint | null;
  readonly checkpoint: "last" | "best";
  /** What was evaluated: the data's test part, or all of it. */
  readonly part: EvaluationData["part"];
  /** Notes and warnings for the user. */
  readonly notes: readonly string[];
}

/**
 * Accuracy, cross entropy, calibration, and error at coverage of a run's model; where it is calibrated, what its threshold
 * comes to, and everything by its temperature.
 * @throws InputError when the run, its checkpoint or the data cannot be used, and for a score that the run does not have.
 */
export async function evaluateRun(run: string, options: EvaluateRunOptions = {}): Promise<RunEvaluation> {
  const requested = parseOptions(evaluateOptions, options);
  const runRecipe = readClassifierRecipe(run);
  const scores = requestedScores(runRecipe.recipe.objective, requested);
  const stored = readCalibration(run);
  const checkpoint = requested.checkpoint ?? stored?.checkpoint ?? "last";
  const loaded = readCheckpoint(run, checkpoint);
  const data = await readEvaluationData(options, runRecipe, run);
  const calibration = stored?.checkpoint === checkpoint ? stored : null;
  const { seed = runRecipe.recipe.seed, passes = calibration?.passes ?? defaultPasses } = requested;
  // As predict and export compute, which the threshold is for.
  const compute = calibration === null ? options : { ...options, precision: options.precision ?? "fp32" };
  return withRunPredictions(runRecipe, loaded, data.samples, compute, async (predictions) => ({
    ...(await runFigures(predictions, scores, { seed, passes, temperature: calibration?.temperature ?? 1 })),
    operatingPoint: calibration === null ? null : await calibratedPoint(predictions, calibration, seed),
    checkpoint,
    part: data.part,
    notes: [...data.notes, ...predictions.notes, ...notesFor(data, stored, checkpoint)],
  }));
}

function notesFor(
  { trainedOn, fingerprint }: EvaluationData,
  stored: Calibration | null,
  checkpoint: string,
): string[] {
  const conditions: [boolean, string][] = [
    [trainedOn, "the run was trained on these samples"],
    [
      stored !== null && stored.checkpoint !== checkpoint,
      `the run's calibration is of its ${stored?.checkpoint} checkpoint: it is not applied to the ${checkpoint}`,
    ],
    [
      stored?.checkpoint === checkpoint && stored.fingerprint === fingerprint,
      "the run was calibrated on these samples: the figures of its threshold are not those of new samples",
    ],
  ];
  return conditions.flatMap(([applies, text]) => (applies ? [text] : []));
}
