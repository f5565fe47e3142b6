// The threshold from which on a run answers, and its temperature: found on held-out data and kept in the run folder.

import { nativeScore } from "../methods/index.js";
import { fitTemperature, negativeLogLikelihood, type ScoreName, temperatureBounds } from "../metrics/index.js";
import { option } from "../options/index.js";
import { type Calibration, isCalibrated, writeCalibration } from "../runs/calibration.js";
import { checkpointNamed, readCheckpoint } from "../runs/checkpoint.js";
import type { ComputeOptions } from "../runs/open-model.js";
import { isFinished, type RunRecipe, readRunRecipe } from "../runs/run-folder.js";
import { version } from "../version.js";
import { type JudgedData, type JudgedOptions, readJudged, readValidationPart } from "./evaluation-data.js";
import { type OperatingPoint, operatingPoint } from "./operating-point.js";
import { type RunAnswers, withAnswers } from "./predictions.js";
import { checkPasses, defaultPasses, scoreNamed } from "./requested-score.js";
import { findThreshold, readWanted, type WantedOptions } from "./threshold.js";

/** The run's own validation part is used where neither `data` nor `dataSet` is given. */
export interface CalibrateRunOptions extends WantedOptions, JudgedOptions, ComputeOptions {
  /** The method's own unless given. */
  readonly score?: string | undefined;
  /** Fit the temperature on the same samples first; 1 unless so. */
  readonly temperature?: boolean | undefined;
  readonly checkpoint?: string | undefined;
  /** Of MC dropout; 10 unless given. */
  readonly passes?: number | undefined;
  /** Of MC dropout; the run's own unless given. */
  readonly seed?: number | undefined;
}

export interface RunCalibration {
  readonly calibration: Calibration;
  /** The threshold on the data that it was found on. */
  readonly operatingPoint: OperatingPoint;
  readonly part: JudgedData["part"];
  /** The cross entropy of these samples before and after the temperature; null where none was fitted. */
  readonly crossEntropy: { readonly before: number; readonly after: number } | null;
  /** What the user should be told once. */
  readonly notes: readonly string[];
}

/**
 * Finds the threshold of a run for a wanted coverage, or for a risk that is promised, on data that it has not learnt from, and
 * writes it into the run folder as `calibration.json`.
 *
 * The promise: the error among answered samples is at most `risk` with probability `confidence`, for new samples drawn like the
 * held-out ones, if these were used for nothing else.
 * @throws InputError for options or data that cannot be used; UnpromisedRiskError where no threshold can promise the risk. Then
 * nothing is written.
 * @see `guaranteedRisk`, `fitTemperature`
 */
export async function calibrateRun(run: string, options: CalibrateRunOptions): Promise<RunCalibration> {
  const own = readRunRecipe(run);
  const wanted = readWanted(options);
  const method = own.recipe.objective;
  const score = scoreNamed(options.score ?? nativeScore(method), method);
  const dropout = score === "mc-dropout";
  checkPasses(options.passes, dropout);
  const { passes = defaultPasses, seed = own.recipe.seed } = options;
  const name = checkpointNamed(options.checkpoint ?? "last");
  const checkpoint = readCheckpoint(run, name);
  const judged = await readHeldOut(run, options, own);
  // As predict and export compute, which the threshold is for; rounding to bf16 would move confidences across it.
  const compute = { ...options, precision: options.precision ?? "fp32" };
  return withAnswers(own, checkpoint, judged.samples, compute, async (answers) => {
    const { temperature, crossEntropy } = scaled(answers, options.temperature ?? false);
    const confidence = await answers.confidence(score, { temperature, passes, seed });
    const { threshold, riskBound } = findThreshold(wanted, confidence, answers.correct);
    const point = operatingPoint(confidence, answers.correct, threshold);
    const { samples, coverage, risk } = point;
    const calibration: Calibration = {
      score,
      temperature,
      threshold,
      wanted,
      found: { coverage, risk: risk as number, riskBound, samples },
      data: judged.name,
      fingerprint: judged.fingerprint,
      checkpoint: name,
      passes: dropout ? passes : null,
      version,
    };
    const notes = [...judged.notes, ...answers.found, ...cautions(run, judged, crossEntropy !== null, calibration)];
    writeCalibration(run, calibration);
    return { calibration, operatingPoint: point, part: judged.part, crossEntropy, notes };
  });
}

function readHeldOut(run: string, options: CalibrateRunOptions, own: RunRecipe): Promise<JudgedData> {
  const given = options.data !== undefined || options.dataSet !== undefined;
  return given ? readJudged(options, own) : readValidationPart(run, own);
}

/** The temperature that fits the samples best, if one is to be fitted, and what it does to their cross entropy. */
function scaled({ outputs, logits, labels, classes }: RunAnswers, fit: boolean) {
  if (!fit) return { temperature: 1, crossEntropy: null };
  const temperature = fitTemperature(outputs, labels, classes);
  const lossAt = (t: number) => negativeLogLikelihood(logits, labels, classes, t);
  return { temperature, crossEntropy: { before: lossAt(1), after: lossAt(temperature) } };
}

/** What weakens the threshold or the promise, or happens beside them. */
function cautions(run: string, { part, learnt }: JudgedData, fitted: boolean, calibration: Calibration): string[] {
  const { wanted, score, temperature, checkpoint } = calibration;
  const promising = "risk" in wanted;
  const asked: [boolean, string][] = [
    [
      learnt,
      `warning: the run has learnt from these samples: ${promising ? "the promise" : "what is found"} does not hold for new ones; calibrate on held-out data`,
    ],
    [
      part === "validation" && checkpoint === "best",
      `the best checkpoint was chosen by these samples: on new ones the error may be larger${promising ? ", and the promise is weaker than stated" : ""}`,
    ],
    [
      promising && fitted && !orderKept.includes(score),
      `the temperature, which moves this score, was fitted on the same samples: the promise is strict only without ${option("temperature")}`,
    ],
    [
      fitted && atBound(temperature),
      `the temperature is at the bound of the search, ${temperature}: ${temperature < 1 ? "all answers are right" : "the logits know less than nothing"}, and these samples cannot fit it`,
    ],
    [!isFinished(run), "the run is not finished: going on with it takes this calibration away"],
    [isCalibrated(run), "this replaces the run's calibration of before"],
  ];
  return asked.flatMap(([applies, text]) => (applies ? [text] : []));
}

/** The scores that rank samples alike at every temperature. */
const orderKept: readonly ScoreName[] = ["max-logit", "selection"];

const atBound = (temperature: number) => Object.values<number>(temperatureBounds).includes(temperature);
