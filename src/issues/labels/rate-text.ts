// The noise rate in words.
import type { NoiseRate } from "./noise-rate.js";

/** "about 38% (34 to 43%)"; whole percents from 10% on, tenths below; "at most 2.1%" where the estimate is under 0.05%. */
export function rateText({ estimate, low, high }: Pick<NoiseRate, "estimate" | "low" | "high">): string {
  const digits = estimate >= 0.1 ? 0 : 1;
  const text = (value: number) => (100 * value).toFixed(digits);
  return estimate < 0.0005 ? `at most ${text(high)}%` : `about ${text(estimate)}% (${text(low)} to ${text(high)}%)`;
}
