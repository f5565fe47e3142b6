// A finished or stopped run's model, judged on data.

import { type Calibration, readCalibration } from "../runs/calibration.js";
import { checkpointNamed, readCheckpoint } from "../runs/checkpoint.js";
import type { ComputeOptions } from "../runs/open-model.js";
import { readRunRecipe } from "../runs/run-folder.js";
import { type JudgedData, type JudgedOptions, readJudged } from "./evaluation-data.js";
import { withAnswers } from "./predictions.js";
import { askedScores, defaultPasses } from "./requested-score.js";
import { type CalibratedPoint, calibratedPoint, type RunFigures, runFigures } from "./run-figures.js";

/** The run's own data is used unless other is given. */
export interface EvaluateRunOptions extends ComputeOptions, JudgedOptions {
  /** The one that is calibrated, else the last, unless given. */
  readonly checkpoint?: string | undefined;
  /** What the figures of coverage rank by, or `all`; the method's own unless given. */
  readonly score?: string | undefined;
  /** Of MC dropout; as the run was calibrated, else 10, unless given. */
  readonly passes?: number | undefined;
  /** Of MC dropout and of the intervals; the run's own unless given. */
  readonly seed?: number | undefined;
}

export interface RunEvaluation extends RunFigures {
  /** Of a run that is calibrated. */
  readonly operatingPoint: CalibratedPoint | null;
  readonly checkpoint: "last" | "best";
  /** What was evaluated: the data's test part, or all of it. */
  readonly part: JudgedData["part"];
  /** What the user should be told once. */
  readonly notes: readonly string[];
}

/**
 * Accuracy, cross entropy, calibration, and error at coverage of a run's model; where it is calibrated, what its threshold
 * comes to, and everything by its temperature.
 * @throws InputError when the run, its checkpoint or the data cannot be used, and for a score that the run does not have.
 */
export async function evaluateRun(run: string, options: EvaluateRunOptions = {}): Promise<RunEvaluation> {
  const own = readRunRecipe(run);
  const asked = askedScores(own.recipe.objective, options);
  const kept = readCalibration(run);
  const checkpoint = checkpointNamed(options.checkpoint ?? kept?.checkpoint ?? "last");
  const loaded = readCheckpoint(run, checkpoint);
  const judged = await readJudged(options, own);
  const calibration = kept?.checkpoint === checkpoint ? kept : null;
  const { seed = own.recipe.seed, passes = calibration?.passes ?? defaultPasses } = options;
  // As predict and export compute, which the threshold is for.
  const compute = calibration === null ? options : { ...options, precision: options.precision ?? "fp32" };
  return withAnswers(own, loaded, judged.samples, compute, async (answers) => ({
    ...(await runFigures(answers, asked, { seed, passes, temperature: calibration?.temperature ?? 1 })),
    operatingPoint: calibration === null ? null : await calibratedPoint(answers, calibration, seed),
    checkpoint,
    part: judged.part,
    notes: [...judged.notes, ...answers.found, ...cautions(judged, kept, checkpoint)],
  }));
}

function cautions({ learnt, fingerprint }: JudgedData, kept: Calibration | null, checkpoint: string): string[] {
  const asked: [boolean, string][] = [
    [learnt, "these samples are not new to the model: the run was trained on them"],
    [
      kept !== null && kept.checkpoint !== checkpoint,
      `the run's calibration is of its ${kept?.checkpoint} checkpoint: it is not applied to the ${checkpoint}`,
    ],
    [
      kept?.checkpoint === checkpoint && kept.fingerprint === fingerprint,
      "the run was calibrated on these very samples: what its threshold comes to is found here, not tested",
    ],
  ];
  return asked.flatMap(([applies, text]) => (applies ? [text] : []));
}
