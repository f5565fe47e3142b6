// Prediction with a run's network, in float32, by its calibration.
import { createLoader, type HeldSamples, type InputOptions, networkInput, UNIT_RANGE } from "../data/index.js";
import { InputError } from "../errors.js";
import { dropoutConfidence } from "../evaluation/mc-dropout.js";
import { nativeScore } from "../methods/index.js";
import { confidenceBy, type ScoreName, softmaxRows } from "../metrics/index.js";
import { option } from "../options/index.js";
import { readCheckpoint } from "../runs/checkpoint.js";
import { readClassifierRecipe } from "../runs/classifier-recipe.js";
import { readCalibration } from "../runs/files/calibration.js";
import { openRunModel, type RunModel } from "../runs/model/open-model.js";
import type { RunRecipe } from "../runs/run-folder.js";
import { noGrad, scope, setThreads } from "../torch/index.js";
import { checkBatch, classNameOf, type Prediction, type Predictor, type PredictorInput } from "./predictor.js";
import type { PredictorOptions } from "./predictor-options.js";

/**
 * Opens a run folder: the checkpoint it was calibrated with, else the last; its calibrated score, temperature and
 * threshold, else the score of its objective.
 *
 * Throws `InputError` where the run, its checkpoint or the device cannot be used.
 */
export function openRunPredictor(run: string, options: PredictorOptions = {}): Predictor {
  const own = readClassifierRecipe(run);
  const { checkpoint, calibration } = chooseCheckpoint(run, options);
  setThreads(options.threads);
  const placement = { precision: "fp32", kernels: "auto", device: options.device };
  const opened = openRunModel(own, readCheckpoint(run, checkpoint), placement);
  const { classes } = own.resolved;
  const input = inputOf(own.resolved);
  const judgement: PredictionSettings = {
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
      const inputs = inputsOf(opened, own, batch, samples);
      const outputs = outputsOf(opened, inputs);
      return predictionsOf(outputs, await confidencesOf(opened, inputs, outputs, judgement), judgement);
    },
    close: async () => opened.release(),
  };
}

/** Converts samples to the network's input. */
type Inputs = InputOptions & { readonly samples: HeldSamples };

/** How outputs become predictions. */
interface PredictionSettings {
  readonly classes: readonly string[];
  readonly score: ScoreName;
  readonly temperature: number;
  readonly threshold: number | null;
  /** Of MC dropout. */
  readonly passes: number;
  readonly seed: number;
}

/** A threshold is valid only for the checkpoint that it was calibrated with. */
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
export function inputOf({ sampleShape: shape, normalization, depthRanges }: RunRecipe["resolved"]): PredictorInput {
  if (shape.length !== 3) return { kind: "features", shape };
  const [channels, height, width] = shape as [number, number, number];
  const range = normalization.pixelRange ?? UNIT_RANGE;
  return { kind: "images", channels, height, width, range, ...(depthRanges && { depthRanges }) };
}

/** The batch as network input: bytes as fractions of 1, normalized. */
export function inputsOf(
  { device, dtype }: RunModel,
  { resolved: { sampleShape: shape, normalization } }: RunRecipe,
  values: Float32Array | Uint8Array,
  count: number,
): Inputs {
  return { samples: { values, shape, labels: new Int32Array(count) }, normalization, device, dtype };
}

/** The network's outputs in evaluation mode, (samples, columns). */
function outputsOf({ model, compute }: RunModel, inputs: Inputs): Float32Array {
  return scope(() =>
    noGrad(() => compute(() => model.forward(networkInput(inputs))))
      .to("float32")
      .data(),
  ) as Float32Array;
}

async function confidencesOf(
  { model, compute, device }: RunModel,
  inputs: Inputs,
  logits: Float32Array,
  { classes, score, temperature, passes, seed }: PredictionSettings,
): Promise<Float64Array> {
  const { labels } = inputs.samples;
  if (score !== "mc-dropout") return confidenceBy(score, logits, labels.length, classes.length, temperature);
  using loader = createLoader(inputs);
  const pass = { model, loader, compute, device, indices: Int32Array.from(labels.keys()), classes: classes.length };
  return await dropoutConfidence({ logits }, { ...pass, passes, seed, temperature });
}

function predictionsOf(
  outputs: Float32Array,
  confidences: Float64Array,
  { classes, temperature, threshold }: PredictionSettings,
): Prediction[] {
  const columns = outputs.length / confidences.length;
  return Array.from(confidences, (confidence, i) => {
    const logits = outputs.subarray(i * columns, i * columns + classes.length);
    const probabilities = softmaxRows(
      logits.map((logit) => logit / temperature),
      classes.length,
    );
    return {
      label: classNameOf(classes, logits.indexOf(Math.max(...logits)), probabilities),
      confidence,
      abstained: threshold !== null && confidence < threshold,
      probabilities,
    };
  });
}
