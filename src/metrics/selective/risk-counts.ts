// Samples ranked by confidence, and how many are covered and wrong at every threshold.
import { type Correctness, checkConfidence } from "../arrays.js";

/** How many times each sample counts, such as in a bootstrap resample; whole numbers. */
export type Times = Uint32Array;

/** The samples from the most confident down; those of equal confidence are a group. */
export interface Ranking {
  /** (n) positions of the samples. */
  readonly order: Uint32Array;
  /** (groups) how many samples are in the groups up to and with each. */
  readonly ends: Uint32Array;
  /** (groups) the confidence of each, falling. */
  readonly thresholds: Float64Array;
}

/** How many samples are covered at each threshold (confidence >= threshold), and how many of them are wrong; both (groups), rising. */
export interface RiskCounts {
  readonly covered: Uint32Array;
  readonly wrong: Uint32Array;
  /** All samples, and all wrong predictions. */
  readonly samples: number;
  readonly errors: number;
}

/** confidence (n), numbers. */
export function rankByConfidence(confidence: ArrayLike<number>): Ranking {
  const n = confidence.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => compare(confidence[b]!, confidence[a]!));
  const isLast = (k: number) => k === n || confidence[order[k]!] !== confidence[order[k - 1]!];
  const ends = Uint32Array.from(order.keys(), (k) => k + 1).filter(isLast);
  return { order, ends, thresholds: Float64Array.from(ends, (end) => confidence[order[end - 1]!]!) };
}

/** The counts of the ranked samples, each counted `times` times (default: once): (n) -> (groups). */
export function countRisk({ order, ends }: Ranking, correct: Correctness, times?: Times): RiskCounts {
  const covered = new Uint32Array(ends.length);
  const wrong = new Uint32Array(ends.length);
  let [samples, errors, position] = [0, 0, 0];
  for (let group = 0; group < ends.length; group++) {
    for (const end = ends[group]!; position < end; position++) {
      const sample = order[position]!;
      const count = times === undefined ? 1 : times[sample]!;
      samples += count;
      if (!correct[sample]) errors += count;
    }
    covered[group] = samples;
    wrong[group] = errors;
  }
  return { covered, wrong, samples, errors };
}

/** The counts of unranked samples. @throws RangeError on NaN and on lengths that differ. */
export function riskCounts(confidence: ArrayLike<number>, correct: Correctness): RiskCounts {
  checkConfidence(confidence, correct);
  return countRisk(rankByConfidence(confidence), correct);
}

/** How many samples a coverage means: k = floor(coverage * n / 100), at least 1. @throws RangeError outside (0, 100]. */
export function samplesAtCoverage(coverage: number, samples: number): number {
  if (coverage > 0 && coverage <= 100) return Math.max(1, Math.floor((coverage * samples) / 100));
  throw new RangeError(`coverage ${coverage}: expected percent of the samples, above 0 and at most 100`);
}

/** The first group at which at least `samples` samples are covered, ties not being split. By bisection. */
export function groupCovering({ covered }: RiskCounts, samples: number): number {
  let [first, last] = [0, covered.length - 1];
  while (first < last) {
    const middle = (first + last) >> 1;
    if (covered[middle]! >= samples) last = middle;
    else first = middle + 1;
  }
  return first;
}

/** By comparison, since the difference of equal infinities is NaN. */
function compare(a: number, b: number): number {
  return a < b ? -1 : Number(a > b);
}
