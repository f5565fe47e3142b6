// A mean with its standard error as text, alike in every table of a study.

import { percent } from "../../format.js";
import { type Spread, standardErrorOf } from "../../metrics/index.js";
import type { PairedDifference } from "./statistics.js";

const NONE = "\u2013";
const MINUS = "\u2212";

/** "81.9% \u00b1 2.4", the standard error in points; one value has none, and no value is a dash. */
export function spreadText(spread: Spread | null, write: (mean: number) => string = percent): string {
  if (spread === null) return NONE;
  const error = standardErrorOf(spread);
  return error === null ? write(spread.mean) : `${write(spread.mean)} \u00b1 ${(100 * error).toFixed(1)}`;
}

/** The note below a table with such texts. */
export const spreadNote = "\u00b1 is the standard error of the mean over seeds; one seed has none.";

/** "+1.35 \u00b1 0.40 *" in points: a difference between runs of the same seed, its standard error, and a mark where zero is excluded. */
export function differenceText(difference: PairedDifference | null, digits: number): string {
  if (difference === null) return NONE;
  const { mean, standardError, interval } = difference;
  const points = (value: number) => (100 * value).toFixed(digits);
  const size = points(Math.abs(mean));
  const signed = `${mean < 0 && Number(size) > 0 ? MINUS : "+"}${size}`;
  const excludesZero = interval !== null && (interval[0] > 0 || interval[1] < 0);
  return `${signed}${standardError === null ? "" : ` \u00b1 ${points(standardError)}`}${excludesZero ? " *" : ""}`;
}

/** The note below a table with such differences. */
export const differenceNote =
  "Points, between runs of the same seed, \u00b1 the standard error of the mean difference; * where its 95% interval (Student's t) excludes zero.";
