// The noise rate in words.
import { type NoiseRate, unknownReason } from "./noise-rate.js";

/**
 * "about 38% (34 to 43%)"; whole percents from 10% on, tenths below; "at most 2.1%" where the estimate is under 0.05%;
 * "an unknown fraction (0 to 75%)" where `unknownReason` has a reason.
 */
export function rateText(rate: NoiseRate): string {
  const { estimate, low, high } = rate;
  const digits = estimate >= 0.1 ? 0 : 1;
  const text = (value: number) => (100 * value).toFixed(digits);
  if (unknownReason(rate) !== null) return `an unknown fraction (0 to ${(100 * high).toFixed(0)}%)`;
  return estimate < 0.0005 ? `at most ${text(high)}%` : `about ${text(estimate)}% (${text(low)} to ${text(high)}%)`;
}
