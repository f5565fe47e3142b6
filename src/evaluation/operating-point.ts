// What a threshold comes to on data: how much is answered, and how much of that is wrong.
import { binomialTailInversion, type Correctness, type Interval } from "../metrics/index.js";

export interface OperatingPoint {
  readonly threshold: number;
  /** Answered and wrong answers, of how many samples. */
  readonly accepted: number;
  readonly wrong: number;
  readonly samples: number;
  readonly coverage: number;
  /** The share of wrong answers among those given; null where none is. */
  readonly risk: number | null;
  /** 95% each. */
  readonly intervals: { readonly coverage: Interval; readonly risk: Interval | null };
}

/**
 * Answers where confidence >= threshold, and how often they are wrong. Intervals are exact (Clopper-Pearson), since an error
 * that was never seen may still be there.
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
      coverage: proportionInterval(accepted, samples),
      risk: accepted === 0 ? null : proportionInterval(wrong, accepted),
    },
  };
}

/** The Clopper-Pearson interval of a share of which `count` in `samples` were seen, 95% unless another level is given. */
export function proportionInterval(count: number, samples: number, level = 0.95): Interval {
  const delta = (1 - level) / 2;
  return [1 - binomialTailInversion(samples - count, samples, delta), binomialTailInversion(count, samples, delta)];
}
