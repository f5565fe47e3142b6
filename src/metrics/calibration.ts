// Whether a stated confidence of 80% is right 80% of the time.
import { type Correctness, checkConfidence } from "./arrays.js";

/** One bar of a reliability diagram: the samples with lower < confidence <= upper. */
export interface ReliabilityBin {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  /** Mean confidence and share of right answers of its samples; null where it has none. */
  readonly confidence: number | null;
  readonly accuracy: number | null;
}

/**
 * The samples sorted into `bins` equal-width intervals of confidence, ((m - 1) / bins, m / bins] for m = 1..bins.
 *
 * Intervals are open below and closed above, as in the source; a confidence of exactly 0 joins the first.
 * confidence (n) within [0, 1], correct (n). Throws a RangeError on other confidences and on lengths that differ.
 * @see Guo et al. 2017, section 2 (arXiv 1706.04599)
 */
export function reliabilityBins(confidence: ArrayLike<number>, correct: Correctness, bins = 15): ReliabilityBin[] {
  checkConfidence(confidence, correct);
  if (!(Number.isInteger(bins) && bins >= 1)) throw new RangeError(`${bins} bins: expected a positive integer`);
  const totals = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, right: 0 }));
  for (let i = 0; i < confidence.length; i++) {
    const value = confidence[i]!;
    if (value < 0 || value > 1) throw new RangeError(`confidence ${value} of sample ${i}: expected 0 to 1`);
    const total = totals[binOf(value, bins)]!;
    total.count += 1;
    total.confidence += value;
    total.right += Number(correct[i]);
  }
  return totals.map(({ count, confidence: sum, right }, m) => ({
    lower: m / bins,
    upper: (m + 1) / bins,
    count,
    confidence: count === 0 ? null : sum / count,
    accuracy: count === 0 ? null : right / count,
  }));
}

/**
 * Expected calibration error: the gap between confidence and accuracy, averaged over bins by their share of samples.
 *
 * ECE = sum_m |B_m| / n * |accuracy(B_m) - confidence(B_m)|, a fraction of 1; bins and errors as in `reliabilityBins`.
 * @see Guo et al. 2017, equation 3 (arXiv 1706.04599)
 */
export function expectedCalibrationError(confidence: ArrayLike<number>, correct: Correctness, bins = 15): number {
  return reliabilityBins(confidence, correct, bins).reduce(
    (sum, bin) => sum + (bin.count / confidence.length) * Math.abs((bin.accuracy ?? 0) - (bin.confidence ?? 0)),
    0,
  );
}

// Compared with the edges themselves: `confidence * bins` may round past one.
function binOf(confidence: number, bins: number): number {
  let bin = Math.min(bins - 1, Math.floor(confidence * bins));
  if (bin > 0 && confidence <= bin / bins) bin -= 1;
  if (bin < bins - 1 && confidence > (bin + 1) / bins) bin += 1;
  return bin;
}
