// The range that pixels are counted in: that of the training images is part of what a network takes.
import { InputError } from "../errors.js";
import { type HeldSamples, holdsBytes, type Samples } from "./types.js";

/** The lowest and the highest value of a pixel. */
export type PixelRange = readonly [low: number, high: number];

/** Bytes count as fractions of 1. */
export const UNIT_RANGE: PixelRange = [0, 1];

const commonRanges: readonly PixelRange[] = [UNIT_RANGE, [-1, 1], [0, 255]];

/** The range of image samples: 0 to 1, -1 to 1 or 0 to 255, the first that holds all of them; null for other values. */
export function pixelRangeOf(samples: Samples): PixelRange | null {
  if (samples.kind === "streamed" || holdsBytes(samples)) return UNIT_RANGE;
  const [lowest, highest] = extremes(samples.values);
  return commonRanges.find(([low, high]) => lowest >= low && highest <= high) ?? null;
}

function extremes(values: ArrayLike<number>): PixelRange {
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    lowest = Math.min(lowest, values[i] as number);
    highest = Math.max(highest, values[i] as number);
  }
  return [lowest, highest];
}

/**
 * How samples are normalized for a network that was trained on pixels of a range. Bytes are brought to that range: with
 * b / 255 in place of low + (high - low) b / 255, the mean becomes (mean - low) / (high - low), the deviation
 * std / (high - low).
 * @throws InputError for pictures where the range is unknown, and for arrays with pixels outside of it.
 */
export function normalizationOf<S extends { readonly mean: readonly number[]; readonly std: readonly number[] }>(
  normalization: S & { readonly pixelRange?: PixelRange | null | undefined },
  samples: Samples,
): Pick<S, "mean" | "std"> {
  const { mean, std, pixelRange = UNIT_RANGE } = normalization;
  if (samples.shape.length !== 3) return { mean, std };
  if (samples.kind !== "streamed" && samples.values instanceof Float32Array) {
    requireInRange(samples.values, pixelRange);
    return { mean, std };
  }
  const [low, high] = requireRange(pixelRange);
  if (low === 0 && high === 1) return { mean, std };
  const span = high - low;
  return { mean: mean.map((value) => (value - low) / span), std: std.map((value) => value / span) };
}

/** @throws InputError where a network's range of pixels is unknown. */
export function requireRange(range: PixelRange | null): PixelRange {
  if (range !== null) return range;
  throw new InputError(
    "received pictures; the model was trained on arrays whose values are not from 0 to 1, -1 to 1 or 0 to 255: expected arrays of such values",
  );
}

/** @throws InputError for values outside of the range; where it is unknown, all are in it. */
export function requireInRange(values: HeldSamples["values"], range: PixelRange | null): void {
  if (range === null) return;
  const [low, high] = range;
  const [lowest, highest] = extremes(values);
  const slack = 1e-3 * (high - low);
  if (lowest >= low - slack && highest <= high + slack) return;
  throw new InputError(
    `received images with pixels from ${lowest} to ${highest}; the model was trained on pixels from ${low} to ${high}: expected that range, or bytes`,
  );
}

/** Bytes as floats of a range. */
export function pixelsInRange(bytes: Uint8Array, range: PixelRange | null): Float32Array {
  const [low, high] = requireRange(range);
  return Float32Array.from(bytes, (byte) => low + ((high - low) * byte) / 255);
}
