// A run's network, in float32, with what `calibrate` found for it.
import { createLoader } from "../data/index.js";
import { didYouMean, InputError } from "../errors.js";
import { confidenceBy, type OutputScore, type ScoreName, softmaxRows } from "../metrics/index.js";
import { noGrad, scope, setThreads } from "../torch/index.js";
import { readCalibration } from "../training/calibration.js";
import { readCheckpoint } from "../training/checkpoint.js";
import { everyIndex } from "../training/evaluate.js";
import { nativeScore } from "../training/native-score.js";
import { type RunFacts, readRunRecipe } from "../training/run-folder.js";
import { openRunModel, type RunModel } from "../training/run-model.js";
import {
  checkBatch,
  type Prediction,
  type Predictor,
  type PredictorInput,
  type PredictorOptions,
} from "./predictor.js";

/**
 * Opens a run folder: the checkpoint it was calibrated with, else the last; its calibrated score, temperature and
 * threshold, else the score of its objective.
 *
 * Throws `InputError` where the run, its checkpoint or the device cannot be used.
 */
export function openRunPredictor(run: string, options: PredictorOptions = {}): Predictor {
  const own = readRunRecipe(run);
  const { checkpoint, calibration } = chooseCheckpoint(run, options);
  const score = outputScore(run, calibration?.score ?? nativeScore(own.recipe.objective));
  if (options.threads !== undefined) setThreads(options.threads);
  const placement = { precision: "fp32", kernels: "auto", device: options.device };
  const opened = openRunModel(own, readCheckpoint(run, checkpoint), placement);
  const { classes } = own.facts;
  const input = inputOf(own.facts);
  const threshold = options.threshold ?? calibration?.threshold ?? null;
  return {
    classes,
    input,
    score,
    calibration,
    threshold,
    async predict(batch, samples) {
      checkBatch(input, batch, samples);
      const outputs = outputsOf(opened, own.facts, batch, samples);
      return predictionsOf(outputs, samples, { classes, score, threshold, temperature: calibration?.temperature ?? 1 });
    },
    close: async () => opened.release(),
  };
}

/** A threshold holds for the checkpoint that it was found with, and for no other. */
function chooseCheckpoint(run: string, { checkpoint, threshold }: PredictorOptions) {
  const calibration = readCalibration(run);
  const name = checkpoint ?? calibration?.checkpoint ?? "last";
  if (name !== "last" && name !== "best") {
    const known = ["last", "best"];
    throw new InputError(`--checkpoint: received "${name}"; expected last or best${didYouMean(name, known)}`);
  }
  if (calibration === null || calibration.checkpoint === name) return { checkpoint: name, calibration } as const;
  if (threshold !== undefined) return { checkpoint: name, calibration: null } as const;
  const found = `${run} was calibrated with its checkpoint "${calibration.checkpoint}"`;
  throw new InputError(`${found}, not with "${name}"; calibrate that, give a --threshold, or leave --checkpoint out`);
}

/** @throws InputError for the score that one pass of the network does not give. */
function outputScore(run: string, score: ScoreName): OutputScore {
  if (score !== "mc-dropout") return score;
  throw new InputError(`${run} is calibrated for mc-dropout, which predict does not compute; calibrate another score`);
}

/** Images are fractions of 1, arrays are used as they are. */
function inputOf({ format, sampleShape }: RunFacts): PredictorInput {
  const [channels, height, width] = sampleShape as [number, number, number];
  const isImage = sampleShape.length === 3 && format !== "arrays";
  return isImage ? { kind: "images", channels, height, width } : { kind: "features", shape: sampleShape };
}

/** The network's outputs in evaluation mode, (samples, columns). */
function outputsOf(
  { model, device, dtype, compute }: RunModel,
  { sampleShape: shape, normalisation }: RunFacts,
  values: Float32Array | Uint8Array,
  samples: number,
): Float32Array {
  const labels = new Int32Array(samples);
  const loader = createLoader({ samples: { values, shape, labels }, normalisation, device, dtype });
  try {
    const outputs = () => noGrad(() => compute(() => model.forward(loader.batch(everyIndex(labels))))).to("float32");
    return scope(() => outputs().data()) as Float32Array;
  } finally {
    loader.release();
  }
}

interface Judgement {
  readonly classes: readonly string[];
  readonly score: OutputScore;
  readonly temperature: number;
  readonly threshold: number | null;
}

function predictionsOf(
  outputs: Float32Array,
  samples: number,
  { classes, score, temperature, threshold }: Judgement,
): Prediction[] {
  const confidences = confidenceBy(score, outputs, samples, classes.length, temperature);
  const columns = outputs.length / samples;
  return Array.from(confidences, (confidence, i) => {
    const logits = outputs.subarray(i * columns, i * columns + classes.length);
    return {
      label: classes[logits.indexOf(Math.max(...logits))] as string,
      confidence,
      abstained: threshold !== null && confidence < threshold,
      probabilities: softmaxRows(
        logits.map((value) => value / temperature),
        classes.length,
      ),
    };
  });
}
