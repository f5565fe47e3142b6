// A predictor: a run's network or an exported model.

import type { DepthRanges } from "../data/index.js";
import { type PixelRange, pixelsInRange, requireInRange, UNIT_RANGE } from "../data/pixel-range.js";
import { InputError } from "../errors.js";
import type { ScoreName } from "../metrics/index.js";
import type { Calibration } from "../runs/files/calibration.js";

/** The input of a model: images as pixels, or arrays of values that are used unchanged. */
export type PredictorInput =
  | {
      readonly kind: "images";
      readonly channels: number;
      readonly height: number;
      readonly width: number;
      /** The lowest and highest value of a pixel in floats, which bytes are scaled to; null where only arrays fit. */
      readonly range: PixelRange | null;
      /** What becomes black and white in images of more than 8 bits a value, as in the training data (default: by each image). */
      readonly depthRanges?: DepthRanges;
    }
  | { readonly kind: "features"; readonly shape: readonly number[] };

/** The prediction for one sample. */
export interface Prediction {
  /** The most probable class, also when the model abstains. */
  readonly label: string;
  /** By the model's score; higher is more confident. */
  readonly confidence: number;
  /** Whether the confidence is below the threshold; never without a threshold. */
  readonly abstained: boolean;
  /** Of the classes, in their order. */
  readonly probabilities: Float32Array;
}

export interface Predictor {
  readonly classes: readonly string[];
  readonly input: PredictorInput;
  readonly score: ScoreName;
  /** The result of `calibrate`; null for a model that is not calibrated. */
  readonly calibration: Calibration | null;
  /** The model abstains below this confidence; null when it never abstains. */
  readonly threshold: number | null;
  /**
   * Predicts `samples` samples, (samples, ...shape) row-major: bytes are pixels from 0 to 255; floats are in the range of
   * the model's pixels for images, values for features. Throws a RangeError where the batch is not of that size.
   */
  predict(batch: Float32Array | Uint8Array, samples: number): Promise<Prediction[]>;
  close(): Promise<void>;
}

/** The shape of one sample. */
export function sampleShape(input: PredictorInput): readonly number[] {
  return input.kind === "images" ? [input.channels, input.height, input.width] : input.shape;
}

/** How many values a sample has. */
export function sampleLength(input: PredictorInput): number {
  return sampleShape(input).reduce((product, side) => product * side, 1);
}

/** @throws RangeError unless the batch has this number of samples. */
export function checkBatch(input: PredictorInput, batch: ArrayLike<number>, samples: number): void {
  const expected = samples * sampleLength(input);
  if (samples > 0 && batch.length === expected) return;
  const shape = sampleShape(input).join(" x ");
  throw new RangeError(`${batch.length} values for ${samples} samples of ${shape}: expected ${expected}`);
}

/** Samples one after the other, as a batch; bytes among floats are scaled to the range of the model's pixels. */
export function assembleBatch(
  samples: readonly (Float32Array | Uint8Array)[],
  input: PredictorInput,
): Float32Array | Uint8Array {
  const length = samples[0]?.length ?? 0;
  const areBytes = samples.every((sample) => sample instanceof Uint8Array);
  const batch = areBytes ? new Uint8Array(samples.length * length) : new Float32Array(samples.length * length);
  samples.forEach((sample, i) => {
    batch.set(areBytes || sample instanceof Float32Array ? sample : floatsOf(sample, input), i * length);
  });
  return batch;
}

/**
 * A batch as floats, bytes scaled to the range of the model's pixels.
 * @throws InputError for floats outside of that range.
 */
export function floatsOf(batch: Float32Array | Uint8Array, input: PredictorInput): Float32Array {
  if (batch instanceof Float32Array) {
    if (input.kind === "images") requireInRange(batch, input.range);
    return batch;
  }
  return pixelsInRange(batch, input.kind === "images" ? input.range : UNIT_RANGE);
}

/**
 * The name of a predicted class.
 * @throws InputError where a probability is not a number: the label would mean nothing.
 */
export function classNameOf(classes: readonly string[], label: number, probabilities: Float32Array): string {
  const name = classes[label];
  if (name !== undefined && !probabilities.some(Number.isNaN)) return name;
  throw new InputError(
    "the model returned NaN for a sample; expected finite numbers: the sample or the weights hold values that are not finite",
  );
}
