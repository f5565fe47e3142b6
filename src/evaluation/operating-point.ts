// A threshold applied to data: coverage, and the error rate of the accepted predictions.
import { binomialInterval, type Correctness, type Interval } from "../metrics/index.js";

export interface OperatingPoint {
  readonly threshold: number;
  /** Accepted predictions, and those of them that are wrong. */
  readonly accepted: number;
  readonly wrong: number;
  readonly samples: number;
  readonly coverage: number;
  /** Error rate of the accepted predictions; null when none is accepted. */
  readonly risk: number | null;
  /** 95% each. */
  readonly intervals: { readonly coverage: Interval; readonly risk: Interval | null };
}

/**
 * Accepts predictions of confidence >= threshold and counts the wrong ones. Intervals are exact (Clopper-Pearson): an error rate
 * of zero on few samples leaves room for errors.
 *
 * confidence (n), correct (n).
 */
export function operatingPoint(confidence: Float64Array, correct: Correctness, threshold: number): OperatingPoint {
  const samples = confidence.length;
  let [accepted, wrong] = [0, 0];
  confidence.forEach((value, i) => {
    if (!(value >= threshold)) return;
    accepted += 1;
    if (!correct[i]) wrong += 1;
  });
  return {
    threshold,
    accepted,
    wrong,
    samples,
    coverage: accepted / samples,
    risk: accepted === 0 ? null : wrong / accepted,
    intervals: {
      coverage: binomialInterval(accepted, samples),
      risk: accepted === 0 ? null : binomialInterval(wrong, accepted),
    },
  };
}
