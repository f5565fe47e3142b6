// Calibration: whether predictions of 80% confidence are correct 80% of the time.
import { type Correctness, checkConfidence } from "../arrays.js";
import { type Ranking, rankByConfidence, type Times } from "../selective/risk-counts.js";

/** One bar of a reliability diagram: the samples with lower < confidence <= upper. */
export interface ReliabilityBin {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  /** Mean confidence, and fraction of correct predictions; null where it has no samples. */
  readonly confidence: number | null;
  readonly accuracy: number | null;
}

/**
 * The samples in `bins` equal-width intervals of confidence, ((m - 1) / bins, m / bins] for m = 1..bins.
 *
 * Intervals are open below and closed above, as in the source; a confidence of exactly 0 joins the first.
 * confidence (n) within [0, 1], correct (n).
 * @throws RangeError on other confidences and on lengths that differ.
 * @see Guo et al. 2017, section 2 (arXiv 1706.04599)
 */
export function reliabilityBins(confidence: ArrayLike<number>, correct: Correctness, bins = 15): ReliabilityBin[] {
  const totals = binTotals(confidence, correct, binsOfEqualWidth(confidence, correct, bins), bins);
  return totals.map(({ count, confidence: sum, correct }, m) => ({
    lower: m / bins,
    upper: (m + 1) / bins,
    count,
    confidence: count === 0 ? null : sum / count,
    accuracy: count === 0 ? null : correct / count,
  }));
}

/**
 * Expected calibration error: the gap between confidence and accuracy, averaged over bins by their fraction of samples.
 *
 * ECE = sum_m |B_m| / n * |accuracy(B_m) - confidence(B_m)|, from 0 to 1; bins and errors as in `reliabilityBins`.
 * @see Guo et al. 2017, equation 3 (arXiv 1706.04599)
 */
export function expectedCalibrationError(confidence: ArrayLike<number>, correct: Correctness, bins = 15): number {
  return calibrationGap(binTotals(confidence, correct, binsOfEqualWidth(confidence, correct, bins), bins));
}

/**
 * Expected calibration error over bins of equally many samples, so that the many high confidences do not fill one bin.
 *
 * Samples are ranked from the least confident up, and rank r = 0..n-1 belongs to bin floor(r * bins / n). Ties are never
 * split: all of them join the bin of the first one, so the order of the samples does not matter, and bins may hold more or
 * fewer than n / bins samples, or none. ECE is summed as for equal widths.
 * confidence (n) within [0, 1], correct (n).
 * @throws RangeError as `reliabilityBins` does.
 * @see Nixon et al. 2019, adaptive calibration error (arXiv 1904.01685)
 */
export function equalMassCalibrationError(confidence: ArrayLike<number>, correct: Correctness, bins = 15): number {
  checkBinned(confidence, correct, bins);
  const members = binsOfEqualMass(rankByConfidence(confidence), bins);
  return calibrationGap(binTotals(confidence, correct, members, bins));
}

/** Sums over the samples of one bin. */
interface BinTotal {
  count: number;
  confidence: number;
  correct: number;
}

/** The totals of bins, given each sample's bin, (n) -> (bins); each sample counts `times` times (default: once). */
export function binTotals(
  confidence: ArrayLike<number>,
  correct: Correctness,
  members: Uint32Array,
  bins: number,
  times?: Times,
): BinTotal[] {
  const totals = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, correct: 0 }));
  for (let i = 0; i < members.length; i++) {
    const total = totals[members[i]!]!;
    const count = times === undefined ? 1 : times[i]!;
    total.count += count;
    total.confidence += count * confidence[i]!;
    total.correct += count * Number(correct[i]);
  }
  return totals;
}

/** sum_m |B_m| / n * |accuracy(B_m) - confidence(B_m)| = sum_m |correct_m - sum of confidences_m| / n. */
export function calibrationGap(totals: readonly BinTotal[]): number {
  const samples = totals.reduce((sum, { count }) => sum + count, 0);
  return totals.reduce((sum, { correct, confidence }) => sum + Math.abs(correct - confidence), 0) / samples;
}

/** The bin of each sample among `bins` equal-width ones. @throws RangeError as `reliabilityBins` does. */
export function binsOfEqualWidth(confidence: ArrayLike<number>, correct: Correctness, bins: number): Uint32Array {
  checkBinned(confidence, correct, bins);
  return Uint32Array.from(confidence, (value) => binOf(value, bins));
}

/** The bin of each ranked sample among `bins` of equal mass; each sample counts `times` times (default: once). */
export function binsOfEqualMass({ order, ends }: Ranking, bins: number, times?: Times): Uint32Array {
  const members = new Uint32Array(order.length);
  const all = times === undefined ? order.length : times.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (let group = ends.length - 1; group >= 0; group--) {
    // Where all samples of nonzero weight are below, a group of zero weight joins the last bin.
    const bin = Math.min(bins - 1, Math.floor((below * bins) / all));
    for (let k = group === 0 ? 0 : ends[group - 1]!; k < ends[group]!; k++) {
      members[order[k]!] = bin;
      below += times === undefined ? 1 : times[order[k]!]!;
    }
  }
  return members;
}

function checkBinned(confidence: ArrayLike<number>, correct: Correctness, bins: number): void {
  checkConfidence(confidence, correct);
  if (!(Number.isInteger(bins) && bins >= 1)) throw new RangeError(`${bins} bins: expected a positive integer`);
  for (let i = 0; i < confidence.length; i++) {
    const value = confidence[i]!;
    if (value < 0 || value > 1) throw new RangeError(`confidence ${value} of sample ${i}: expected 0 to 1`);
  }
}

// Compared with the edges: `confidence * bins` may round past one.
function binOf(confidence: number, bins: number): number {
  let bin = Math.min(bins - 1, Math.floor(confidence * bins));
  if (bin > 0 && confidence <= bin / bins) bin -= 1;
  if (bin < bins - 1 && confidence > (bin + 1) / bins) bin += 1;
  return bin;
}
