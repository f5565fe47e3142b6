// Channel means and deviations, for normalization.
import { decodedSamples, evenlySpread } from "./loader/streamed.js";
import { type PixelRange, pixelRangeOf, UNIT_RANGE } from "./pixel-range.js";
import type { HeldSamples, Samples } from "./types.js";

/** One value a channel of an image, or a feature of an array. */
export interface ChannelStatistics {
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** The range of the pixels that these are of (default: 0 to 1); null for values of no common range. */
  readonly pixelRange?: PixelRange | null;
}

/**
 * Channel statistics: of all samples held in memory; of at most 1,000 streamed ones, evenly spread.
 * @throws InputError where none of those can be decoded.
 */
export async function statisticsOf(samples: Samples): Promise<ChannelStatistics> {
  if (samples.kind !== "streamed") return channelStatistics(samples);
  return channelStatistics(await decodedSamples(samples, evenlySpread(samples.labels.length)));
}

/**
 * The mean and (population) standard deviation of each channel over all samples and pixels, uint8 counted as value / 255;
 * of each feature where samples are not images. A constant channel's deviation is given as 1, so that dividing is safe.
 */
export function channelStatistics(samples: HeldSamples): ChannelStatistics {
  const { values, shape, labels } = samples;
  const channels = shape.length === 3 ? shape[0]! : shape.reduce((size, side) => size * side, 1);
  const pixels = values.length / (labels.length * channels);
  const scale = values instanceof Uint8Array ? 255 : 1;
  const mean = momentsAbout(new Float64Array(channels), values, pixels).first;
  const variance = momentsAbout(mean, values, pixels).second;
  return {
    mean: Array.from(mean, (value) => value / scale),
    std: Array.from(variance, (value) => (value > 0 ? Math.sqrt(value) / scale : 1)),
    ...rangeOf(samples),
  };
}

/** The range of floating-point images that are not from 0 to 1. */
function rangeOf(samples: HeldSamples): Pick<ChannelStatistics, "pixelRange"> {
  if (samples.shape.length !== 3) return {};
  const pixelRange = pixelRangeOf(samples);
  return pixelRange === UNIT_RANGE ? {} : { pixelRange };
}

/** The means of (value - center) and of its square over each channel of (n, channels, pixels). */
function momentsAbout(center: Float64Array, values: Uint8Array | Float32Array, pixels: number) {
  const channels = center.length;
  const first = new Float64Array(channels);
  const second = new Float64Array(channels);
  for (let start = 0, channel = 0; start < values.length; start += pixels) {
    let sum = 0;
    let squares = 0;
    for (let i = start; i < start + pixels; i++) {
      const difference = values[i]! - center[channel]!;
      sum += difference;
      squares += difference * difference;
    }
    first[channel]! += sum;
    second[channel]! += squares;
    channel = channel + 1 === channels ? 0 : channel + 1;
  }
  const count = values.length / channels;
  return { first: first.map((sum) => sum / count), second: second.map((sum) => sum / count) };
}
