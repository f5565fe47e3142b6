// The mean and deviation by which samples are normalised.
import type { Samples } from "./types.js";

/** One value a channel of an image, or a feature of an array. */
export interface ChannelStatistics {
  readonly mean: number[];
  readonly std: number[];
}

/**
 * The mean and (population) standard deviation of each channel over all samples and pixels, uint8 counted as value / 255;
 * of each feature where samples are not images. A constant channel's deviation is given as 1, so that dividing is safe.
 */
export function channelStatistics({ values, shape, labels }: Samples): ChannelStatistics {
  const channels = shape.length === 3 ? shape[0]! : shape.reduce((size, side) => size * side, 1);
  const pixels = values.length / (labels.length * channels);
  const scale = values instanceof Uint8Array ? 255 : 1;
  const mean = averages(values, channels, pixels, () => (value) => value);
  const variance = averages(values, channels, pixels, (channel) => {
    const centre = mean[channel]!;
    return (value) => (value - centre) ** 2;
  });
  return {
    mean: mean.map((value) => value / scale),
    std: variance.map((value) => (value > 0 ? Math.sqrt(value) / scale : 1)),
  };
}

/** The mean of f(value) over each channel of (n, channels, pixels). */
function averages(
  values: Uint8Array | Float32Array,
  channels: number,
  pixels: number,
  of: (channel: number) => (value: number) => number,
): number[] {
  const sums = new Float64Array(channels);
  const functions = Array.from({ length: channels }, (_, channel) => of(channel));
  for (let start = 0, channel = 0; start < values.length; start += pixels) {
    const f = functions[channel]!;
    let sum = 0;
    for (let i = start; i < start + pixels; i++) sum += f(values[i]!);
    sums[channel]! += sum;
    channel = channel + 1 === channels ? 0 : channel + 1;
  }
  const count = values.length / channels;
  return Array.from(sums, (sum) => sum / count);
}
