// Chooses a run's confidence threshold and temperature on held-out data and stores them in the run folder.
import type { z } from "zod";
import { nativeScore } from "../methods/index.js";
import { fitTemperature, negativeLogLikelihood, type ScoreName, temperatureBounds } from "../metrics/index.js";
import { option, parseOptions } from "../options/index.js";
import { readCheckpoint } from "../runs/checkpoint.js";
import { readClassifierRecipe } from "../runs/classifier-recipe.js";
import { type Calibration, isCalibrated, writeCalibration } from "../runs/files/calibration.js";
import type { ComputeOptions } from "../runs/model/open-model.js";
import { isFinished, type RunRecipe } from "../runs/run-folder.js";
import { version } from "../version.js";
import { calibrateOptions } from "./calibrate-options.js";
import { defaultPasses } from "./evaluate-options.js";
import {
  type EvaluationData,
  type EvaluationDataOptions,
  readEvaluationData,
  readValidationPart,
} from "./evaluation-data.js";
import { type OperatingPoint, operatingPoint } from "./operating-point.js";
import { type RunPredictions, withRunPredictions } from "./predictions.js";
import { checkPasses, scoreNamed } from "./requested-score.js";
import { findThreshold, parseTarget } from "./threshold.js";

/** Without `data` and `dataSet`, the run's validation part is used. */
export interface CalibrateRunOptions extends EvaluationDataOptions, ComputeOptions, z.input<typeof calibrateOptions> {}

export interface RunCalibration {
  readonly calibration: Calibration;
  /** The threshold applied to the calibration data. */
  readonly operatingPoint: OperatingPoint;
  readonly part: EvaluationData["part"];
  /** Cross entropy of these samples before and after temperature scaling; null when no temperature was fitted. */
  readonly crossEntropy: { readonly before: number; readonly after: number } | null;
  /** Notes and warnings for the user. */
  readonly notes: readonly string[];
}

/**
 * Chooses a run's confidence threshold for a target coverage or a guaranteed risk, on data that the run was not trained on, and
 * writes it to `calibration.json` in the run folder.
 *
 * The guarantee: the error rate of accepted samples is at most `risk` with probability `confidence`, for new samples from the
 * distribution of the held-out ones, if these were used for nothing else.
 * @throws InputError for invalid options or data; NoGuaranteeError when no threshold can guarantee the risk. Then
 * nothing is written.
 * @see `guaranteedRisk`, `fitTemperature`
 */
export async function calibrateRun(run: string, options: CalibrateRunOptions): Promise<RunCalibration> {
  const requested = parseOptions(calibrateOptions, options);
  const runRecipe = readClassifierRecipe(run);
  const target = parseTarget(requested);
  const method = runRecipe.recipe.objective;
  const score = scoreNamed(requested.score ?? nativeScore(method), method);
  const dropout = score === "mc-dropout";
  checkPasses(requested.passes, dropout);
  const { passes = defaultPasses, seed = runRecipe.recipe.seed, checkpoint: name } = requested;
  const checkpoint = readCheckpoint(run, name);
  const data = await readHeldOut(run, options, runRecipe);
  // In float32, as predict and export compute: bfloat16 would move confidences across the threshold.
  const compute = { ...options, precision: options.precision ?? "fp32" };
  return withRunPredictions(runRecipe, checkpoint, data.samples, compute, async (predictions) => {
    const { temperature, crossEntropy } = fitScale(predictions, requested.temperature);
    const confidence = await predictions.confidence(score, { temperature, passes, seed });
    const { threshold, riskBound } = findThreshold(target, confidence, predictions.correct);
    const point = operatingPoint(confidence, predictions.correct, threshold);
    const { samples, coverage, risk } = point;
    const calibration: Calibration = {
      score,
      temperature,
      threshold,
      target,
      achieved: { coverage, risk: risk as number, riskBound, samples },
      data: data.name,
      fingerprint: data.fingerprint,
      checkpoint: name,
      passes: dropout ? passes : null,
      version,
    };
    const notes = [...data.notes, ...predictions.notes, ...warningsFor(run, data, crossEntropy !== null, calibration)];
    writeCalibration(run, calibration);
    return { calibration, operatingPoint: point, part: data.part, crossEntropy, notes };
  });
}

function readHeldOut(run: string, options: CalibrateRunOptions, runRecipe: RunRecipe): Promise<EvaluationData> {
  const given = options.data !== undefined || options.dataSet !== undefined;
  return given ? readEvaluationData(options, runRecipe, run) : readValidationPart(run, runRecipe);
}

/** Fits the temperature when requested, with the cross entropy before and after. */
function fitScale({ outputs, logits, labels, classes }: RunPredictions, fit: boolean) {
  if (!fit) return { temperature: 1, crossEntropy: null };
  const temperature = fitTemperature(outputs, labels, classes);
  const lossAt = (t: number) => negativeLogLikelihood(logits, labels, classes, t);
  return { temperature, crossEntropy: { before: lossAt(1), after: lossAt(temperature) } };
}

/** What weakens the threshold or its guarantee, and what the user should know about the files. */
function warningsFor(
  run: string,
  { part, trainedOn }: EvaluationData,
  fitted: boolean,
  calibration: Calibration,
): string[] {
  const { target, score, temperature, checkpoint } = calibration;
  const hasGuarantee = "risk" in target;
  const conditions: [boolean, string][] = [
    [
      trainedOn,
      `warning: the run was trained on these samples: ${hasGuarantee ? "the guarantee" : "the result"} does not hold for new ones; calibrate on held-out data`,
    ],
    [
      part === "validation" && checkpoint === "best",
      `the best checkpoint was chosen by these samples: on new ones the error may be larger${hasGuarantee ? ", and the guarantee is weaker than stated" : ""}`,
    ],
    [
      hasGuarantee && fitted && !rankPreserving.includes(score),
      `the temperature, which moves this score, was fitted on the same samples: the guarantee is strict only without ${option("temperature")}`,
    ],
    [
      fitted && atBound(temperature),
      `the temperature is at the bound of the search, ${temperature}: ${temperature < 1 ? "all predictions are correct, or the logits are small" : "the logits are worse than chance"}, and these samples cannot fit it`,
    ],
    [!isFinished(run), "the run is not finished: resuming it deletes this calibration"],
    [isCalibrated(run), "this replaces the run's previous calibration"],
  ];
  return conditions.flatMap(([applies, text]) => (applies ? [text] : []));
}

/** Scores whose ranking of samples does not depend on the temperature. */
const rankPreserving: readonly ScoreName[] = ["max-logit", "selection"];

const atBound = (temperature: number) => Object.values<number>(temperatureBounds).includes(temperature);
