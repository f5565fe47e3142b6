// @ts-check
// A measurement: our median and the other side's, and a ratio above 1 where we are better.

/**
 * One line of the result. `target` is the least ratio; `theirs` and `ratio` are null where there is nothing to compare with.
 * @typedef {{ name: string, unit: string, ours: number, theirs: number | null, ratio: number | null, target: number | null }} Measurement
 */

/**
 * The context of a measurement: whether to be quick, and where to print notes.
 * @typedef {{ quick: boolean, note: (text: string) => void }} Context
 */

/**
 * The middle value; of an even number of values the mean of the two in the middle.
 * @param {readonly number[]} values
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new RangeError("no values: expected at least one for a median");
  return (low + high) / 2;
}

/**
 * A measurement of which more is better, such as images per second, or less, such as seconds.
 * @param {{ name: string, unit: string, ours: number, theirs: number | null, target: number | null, better: "more" | "less" }} figures
 * @returns {Measurement}
 */
export function compare({ name, unit, ours, theirs, target, better }) {
  const ratio = theirs === null ? null : better === "more" ? ours / theirs : theirs / ours;
  return { name, unit, ours, theirs, ratio, target };
}

/**
 * Whether the target was reached; null where there was nothing to compare.
 * @param {Measurement} measurement
 */
export function isMet({ ratio, target }) {
  return ratio === null || target === null ? null : ratio >= target;
}
