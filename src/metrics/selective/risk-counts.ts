// The samples ranked by confidence once, and what is answered and wrong at every threshold, of them or of a resample.
import { type Correctness, checkConfidence } from "../arrays.js";

/** How many times each sample counts, such as in a bootstrap's resample; whole numbers. */
export type Times = Uint32Array;

/** The samples from the most confident down; those of equal confidence are a group, and enter together. */
export interface Ranking {
  /** (n) positions of the samples. */
  readonly order: Uint32Array;
  /** (groups) how many samples are in the groups up to and with each. */
  readonly ends: Uint32Array;
  /** (groups) the confidence of each, falling. */
  readonly thresholds: Float64Array;
}

/** What is answered at each threshold of a ranking, the threshold's own samples included; both (groups), rising. */
export interface RiskCounts {
  readonly answered: Uint32Array;
  readonly wrong: Uint32Array;
  /** All samples, and all wrong answers. */
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

/** The counts of the ranked samples, each as often as `times` says, once unless given: (n) -> (groups). */
export function countRisk({ order, ends }: Ranking, correct: Correctness, times?: Times): RiskCounts {
  const answered = new Uint32Array(ends.length);
  const wrong = new Uint32Array(ends.length);
  let [samples, errors, position] = [0, 0, 0];
  for (let group = 0; group < ends.length; group++) {
    for (const end = ends[group]!; position < end; position++) {
      const sample = order[position]!;
      const count = times === undefined ? 1 : times[sample]!;
      samples += count;
      if (!correct[sample]) errors += count;
    }
    answered[group] = samples;
    wrong[group] = errors;
  }
  return { answered, wrong, samples, errors };
}

/** The counts of samples as they come. Throws a RangeError on NaN and on lengths that differ. */
export function riskCounts(confidence: ArrayLike<number>, correct: Correctness): RiskCounts {
  checkConfidence(confidence, correct);
  return countRisk(rankByConfidence(confidence), correct);
}

/** How many samples a coverage asks for: k = floor(coverage * n / 100), at least 1. @throws RangeError outside (0, 100]. */
export function samplesAtCoverage(coverage: number, samples: number): number {
  if (coverage > 0 && coverage <= 100) return Math.max(1, Math.floor((coverage * samples) / 100));
  throw new RangeError(`coverage ${coverage}: expected per cent of the samples, above 0 and at most 100`);
}

/** The first group at which so many samples are answered: the threshold that ties do not split. By halving. */
export function groupAnswering({ answered }: RiskCounts, wanted: number): number {
  let [first, last] = [0, answered.length - 1];
  while (first < last) {
    const middle = (first + last) >> 1;
    if (answered[middle]! >= wanted) last = middle;
    else first = middle + 1;
  }
  return first;
}

/** By comparison, since the difference of equal infinities is no number. */
function compare(a: number, b: number): number {
  return a < b ? -1 : Number(a > b);
}
