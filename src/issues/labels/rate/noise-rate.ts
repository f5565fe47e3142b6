// The estimated fraction of wrong labels.

/** The estimated fraction of wrong labels, with an interval that covers sampling error and the estimators' disagreement. */
export interface NoiseRate {
  /** 0 where the rate is unknown. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly method: NoiseRateMethod;
}

/**
 * What the estimate comes from. It is unknown where the predictions are near chance, the network is still learning or has memorized all labels,
 * and where no labels can be compared.
 */
export type NoiseRateMethod =
  | "late joint"
  | "late agreement"
  | "held-out likelihood"
  | "held-out confusions"
  | "held-out agreement"
  | "held-out and informative views"
  | "margins"
  | "confident joint"
  | UnknownRate;

type UnknownRate = keyof typeof unknownReasons;

const unknownReasons = {
  "near chance": "the predictions are hardly better than chance",
  memorized:
    "the network memorized the labels, right or wrong, and fewer than 100 samples were held out; hold out a validation part of 100 or more to estimate the rate",
  "still learning": "the network was still learning fast when training ended",
  "no labels": "no sample has a label",
  "one class": "all labels are of one class, so that none can be compared with another",
} as const;

/** Why a rate is unknown; null for one that is estimated. */
export function unknownReason({ method }: Pick<NoiseRate, "method">): string | null {
  return Object.hasOwn(unknownReasons, method) ? unknownReasons[method as UnknownRate] : null;
}

/** A rate that may be anything up to `high`. */
export const unknownRate = (method: UnknownRate, high: number): NoiseRate => ({ estimate: 0, low: 0, high, method });

/** A rate with its 95% normal range over `count` samples, widened to the rivals. */
export function rateOf(method: NoiseRateMethod, estimate: number, rivals: readonly number[], count: number): NoiseRate {
  const error = 1.96 * Math.sqrt((estimate * (1 - estimate) + 1 / count) / count);
  return {
    estimate,
    low: Math.max(0, Math.min(estimate - error, ...rivals)),
    high: Math.min(1, Math.max(estimate + error, ...rivals)),
    method,
  };
}
