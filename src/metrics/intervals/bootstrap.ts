// Bootstrap confidence intervals.
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { requireProbability } from "../../options/ranges.js";
import type { Times } from "../selective/risk-counts.js";

/** [low, high]. */
export type Interval = readonly [number, number];

export interface BootstrapOptions {
  /** Number of resamples (default: 1000). */
  readonly resamples?: number;
  /** Fraction of resamples within the interval (default: 0.95). */
  readonly level?: number;
  readonly seed?: number;
}

/**
 * Bootstrap intervals by the percentile method: the middle `level` of the figures on resamples.
 *
 * Each resample draws n of the n samples with replacement. `figures` takes how many times each sample was drawn, (n),
 * summing to n, and returns the figures of that resample, always equally many; the array is reused for the next resample.
 * The ends are the (1 - level) / 2 and (1 + level) / 2 quantiles, interpolated between neighbors. A resample in which a
 * figure is NaN does not count for it; null where no resample has a value. The same seed gives the same draws.
 *
 * The interval covers the choice of samples, not of another training run.
 * @throws RangeError on no samples or resamples, and on a level outside (0, 1).
 * @see Efron and Tibshirani 1993, "An introduction to the bootstrap", chapter 13
 */
export function bootstrapIntervals(
  samples: number,
  figures: (times: Times) => readonly number[],
  { resamples = 1000, level = 0.95, seed = 0 }: BootstrapOptions = {},
): (Interval | null)[] {
  if (!(Number.isInteger(samples) && samples >= 1))
    throw new RangeError("no samples to measure: expected at least one");
  if (!(Number.isInteger(resamples) && resamples >= 1))
    throw new RangeError(`${resamples} resamples: expected one or more`);
  requireProbability("level", level);
  const random = xoroshiro128plus(seed);
  const times = new Uint32Array(samples);
  const drawn = Array.from({ length: resamples }, () => {
    times.fill(0);
    for (let draw = 0; draw < samples; draw++) times[uniformInt(random, 0, samples - 1)]! += 1;
    return Array.from(figures(times));
  });
  return drawn[0]!.map((_, figure) =>
    middle(
      drawn.map((values) => values[figure]!),
      level,
    ),
  );
}

/** The ends of the middle `level` of values that are numbers. */
function middle(values: readonly number[], level: number): Interval | null {
  const sorted = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
  return sorted.length === 0 ? null : [quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2)];
}

function quantile(sorted: Float64Array, fraction: number): number {
  const position = fraction * (sorted.length - 1);
  const below = sorted[Math.floor(position)]!;
  return below + (position % 1) * (sorted[Math.ceil(position)]! - below);
}
