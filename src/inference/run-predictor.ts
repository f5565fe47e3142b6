// A run's network, in float32, with what `calibrate` found for it.
import { createLoader, type Loader } from "../data/index.js";
import { InputError } from "../errors.js";
import { dropoutConfidence } from "../evaluation/mc-dropout.js";
import { nativeScore } from "../methods/index.js";
import { confidenceBy, type ScoreName, softmaxRows } from "../metrics/index.js";
import { option } from "../options/index.js";
import { readCalibration } from "../runs/calibration.js";
import { readCheckpoint } from "../runs/checkpoint.js";
import { openRunModel, type RunModel } from "../runs/open-model.js";
import { type RunRecipe, readRunRecipe } from "../runs/run-folder.js";
import { noGrad, scope, setThreads } from "../torch/index.js";
import { checkBatch, type Prediction, type Predictor, type PredictorInput } from "./predictor.js";
import type { PredictorOptions } from "./predictor-options.js";

/**
 * Opens a run folder: the checkpoint it was calibrated with, else the last; its calibrated score, temperature and
 * threshold, else the score of its objective.
 *
 * Throws `InputError` where the run, its checkpoint or the device cannot be used.
 */
export function openRunPredictor(run: string, options: PredictorOptions = {}): Predictor {
  const own = readRunRecipe(run);
  const { checkpoint, calibration } = chooseCheckpoint(run, options);
  if (options.threads !== undefined) setThreads(options.threads);
  const placement = { precision: "fp32", kernels: "auto", device: options.device };
  const opened = openRunModel(own, readCheckpoint(run, checkpoint), placement);
  const { classes, sampleShape } = own.resolved;
  const input = inputOf(sampleShape);
  const judgement: Judgement = {
    classes,
    score: calibration?.score ?? nativeScore(own.recipe.objective),
    temperature: calibration?.temperature ?? 1,
    threshold: options.threshold ?? calibration?.threshold ?? null,
    passes: calibration?.passes ?? 1,
    seed: own.recipe.seed,
  };
  const { score, threshold } = judgement;
  return {
    classes,
    input,
    score,
    calibration,
    threshold,
    async predict(batch, samples) {
      checkBatch(input, batch, samples);
      const loader = loaderOf(opened, own, batch, samples);
      try {
        const outputs = outputsOf(opened, loader, samples);
        return predictionsOf(outputs, await confidencesOf(opened, loader, outputs, samples, judgement), judgement);
      } finally {
        loader.release();
      }
    },
    close: async () => opened.release(),
  };
}

/** How outputs become answers. */
interface Judgement {
  readonly classes: readonly string[];
  readonly score: ScoreName;
  readonly temperature: number;
  readonly threshold: number | null;
  /** Of MC dropout. */
  readonly passes: number;
  readonly seed: number;
}

/** A threshold holds for the checkpoint that it was found with, and for no other. */
function chooseCheckpoint(run: string, { checkpoint, threshold }: PredictorOptions) {
  const calibration = readCalibration(run);
  const name = checkpoint ?? calibration?.checkpoint ?? "last";
  if (calibration === null || calibration.checkpoint === name) return { checkpoint: name, calibration };
  if (threshold !== undefined) return { checkpoint: name, calibration: null };
  const found = `${run} was calibrated with its checkpoint "${calibration.checkpoint}"`;
  throw new InputError(
    `${found}, not with "${name}"; calibrate that, give a ${option("threshold")}, or leave ${option("checkpoint")} out`,
  );
}

/** Samples of three dimensions are images. */
export function inputOf(shape: readonly number[]): PredictorInput {
  if (shape.length !== 3) return { kind: "features", shape };
  const [channels, height, width] = shape as [number, number, number];
  return { kind: "images", channels, height, width };
}

/** The batch as the network was trained to see it: bytes as fractions of 1, normalized. */
export function loaderOf(
  { device, dtype }: RunModel,
  { resolved: { sampleShape: shape, normalization } }: RunRecipe,
  values: Float32Array | Uint8Array,
  count: number,
): Loader {
  const samples = { values, shape, labels: new Int32Array(count) };
  return createLoader({ samples, normalization, device, dtype });
}

export const firstSamples = (count: number) => Int32Array.from({ length: count }, (_, i) => i);

/** The network's outputs in evaluation mode, (samples, columns). */
function outputsOf({ model, compute }: RunModel, loader: Loader, samples: number): Float32Array {
  return scope(() =>
    noGrad(() => compute(() => model.forward(loader.batch(firstSamples(samples)))))
      .to("float32")
      .data(),
  ) as Float32Array;
}

function confidencesOf(
  { model, compute, device }: RunModel,
  loader: Loader,
  logits: Float32Array,
  samples: number,
  { classes, score, temperature, passes, seed }: Judgement,
): Float64Array | Promise<Float64Array> {
  if (score !== "mc-dropout") return confidenceBy(score, logits, samples, classes.length, temperature);
  const pass = { model, loader, compute, device, indices: firstSamples(samples), classes: classes.length };
  return dropoutConfidence({ logits }, { ...pass, passes, seed, temperature });
}

function predictionsOf(
  outputs: Float32Array,
  confidences: Float64Array,
  { classes, temperature, threshold }: Judgement,
): Prediction[] {
  const columns = outputs.length / confidences.length;
  return Array.from(confidences, (confidence, i) => {
    const logits = outputs.subarray(i * columns, i * columns + classes.length);
    return {
      label: classes[logits.indexOf(Math.max(...logits))] as string,
      confidence,
      abstained: threshold !== null && confidence < threshold,
      probabilities: softmaxRows(
        logits.map((logit) => logit / temperature),
        classes.length,
      ),
    };
  });
}
