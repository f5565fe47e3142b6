// Test-time augmentation: predictions averaged over an image and its mirror image.
import { InputError } from "../errors.js";
import { confidenceBy, type OutputScore } from "../metrics/index.js";
import { option } from "../options/index.js";
import { classNameOf, type Prediction, type Predictor } from "./predictor.js";

/** Scores that the averaged probabilities p determine, as softmax(log p) = p; of all others the mean is taken. */
const ofProbabilities: readonly string[] = ["softmax-response", "entropy"] satisfies OutputScore[];

/**
 * A predictor that averages the probabilities of every image and of its left-right mirror image, at twice the cost. Its confidence is
 * the score of the averages, or the mean of both scores where that needs more than probabilities. A threshold stays as it is.
 *
 * Throws `InputError` for a model of features.
 */
export function withFlips(predictor: Predictor): Predictor {
  const { input, classes, score, threshold } = predictor;
  if (input.kind !== "images") {
    throw new InputError(`${option("tta", "flip")} mirrors images; this model takes features: expected none`);
  }
  return {
    ...predictor,
    async predict(batch, samples) {
      const plain = await predictor.predict(batch, samples);
      const mirrored = await predictor.predict(mirror(batch, input.width), samples);
      return plain.map((first, i): Prediction => {
        const second = mirrored[i]!;
        const probabilities = first.probabilities.map((value, j) => (value + second.probabilities[j]!) / 2);
        const mean = (first.confidence + second.confidence) / 2;
        const confidence = ofProbabilities.includes(score)
          ? scoreOf(score as OutputScore, precise(probabilities))
          : mean;
        return {
          label: classNameOf(classes, probabilities.indexOf(Math.max(...probabilities)), probabilities),
          confidence,
          abstained: threshold !== null && confidence < threshold,
          probabilities,
        };
      });
    },
  };
}

/** In float64, the largest as what the others leave: as float32 those of all confident samples are 1. */
function precise(probabilities: Float32Array): Float64Array {
  const all = Float64Array.from(probabilities);
  const top = all.indexOf(Math.max(...all));
  all[top] = 0;
  all[top] = 1 - all.reduce((sum, p) => sum + p, 0);
  return all;
}

const scoreOf = (score: OutputScore, probabilities: Float64Array) =>
  confidenceBy(score, probabilities.map(Math.log), 1, probabilities.length)[0]!;

/** Rows of pixels from right to left. */
function mirror<Batch extends Float32Array | Uint8Array>(batch: Batch, width: number): Batch {
  const mirrored = batch.slice() as Batch;
  for (let start = 0; start < mirrored.length; start += width) mirrored.subarray(start, start + width).reverse();
  return mirrored;
}
