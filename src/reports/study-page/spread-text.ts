// A mean with its standard error as text, alike in every table of a study.
import { percent } from "../../format.js";
import { type Spread, standardErrorOf } from "./statistics.js";

const NONE = "\u2013";

/** "81.9% \u00b1 2.4", the standard error in points; one value has none, and no value is a dash. */
export function spreadText(spread: Spread | null, write: (mean: number) => string = percent): string {
  if (spread === null) return NONE;
  const error = standardErrorOf(spread);
  return error === null ? write(spread.mean) : `${write(spread.mean)} \u00b1 ${(100 * error).toFixed(1)}`;
}

/** The note below a table with such texts. */
export const spreadNote = "\u00b1 is the standard error of the mean over seeds; one seed has none.";
