// @ts-check
// A reviewer who knows the true classes and errs on some samples, always in the same way.

import { randomFrom } from "../dist/data/index.js";
import { reviewQueue, reviewState } from "../dist/review/index.js";

/** @typedef {import("../dist/review/index.js").ReviewAction} ReviewAction */
/** @typedef {import("./review-runs.mjs").Reviewed} Reviewed */

/** The fraction of samples on which the reviewer is wrong about whether the label is right. */
export const ownErrors = 0.02;
/** Samples taken from the queue at a time, as a page does. */
const chunk = 50;

/**
 * Whether the reviewer calls each sample's label wrong.
 * @param {Reviewed} reviewed @param {number} seed @returns {Uint8Array}
 */
export function judgments({ source, clean }, seed) {
  const random = randomFrom(seed, "reviewer");
  return Uint8Array.from(clean, (label, i) =>
    random.uniform() < ownErrors ? Number(label === source.given[i]) : Number(label !== source.given[i]),
  );
}

/**
 * The actions of a review of so many verdicts, blind repeats included: with the true class where the label is called wrong.
 * @param {Reviewed} reviewed @param {Uint8Array} wrong @param {number} count @returns {ReviewAction[]}
 */
export function review(reviewed, wrong, count) {
  const { source } = reviewed;
  /** @type {ReviewAction[]} */
  const actions = [];
  while (actions.length < count) {
    const { rows, again } = reviewQueue(reviewState(actions), source, { reviewer: "me", state: "open" });
    if (rows.length === 0) break;
    const next = Array.from(rows.subarray(0, Math.min(chunk, count - actions.length)));
    actions.push(...next.map((row, i) => verdictOn(reviewed, wrong, row, again.has(row), actions.length + i)));
  }
  return actions;
}

/**
 * @param {Reviewed} reviewed @param {Uint8Array} wrong @param {number} row @param {boolean} again @param {number} id
 * @returns {import("../dist/review/index.js").VerdictAction}
 */
export function verdictOn({ source, clean }, wrong, row, again, id) {
  const { classes, given, suggested, pWrong } = source;
  const name = (/** @type {number | undefined} */ label) => classes[label ?? -1] ?? null;
  // A right label called wrong gets the suggestion, or the next class.
  const other = suggested[row] === given[row] ? ((given[row] ?? 0) + 1) % classes.length : suggested[row];
  const label = clean[row] === given[row] ? name(other) : name(clean[row]);
  const shown = { given: [name(given[row])], suggested: [name(suggested[row])], pWrong: [pWrong[row] ?? null] };
  const action = {
    kind: /** @type {const} */ ("verdict"),
    id: String(id),
    reviewer: "me",
    time: "",
    queue: "suspects",
  };
  const verdict = wrong[row] === 1 ? /** @type {const} */ ("relabel") : /** @type {const} */ ("right");
  const decided = { verdict, label: wrong[row] === 1 ? label : null, labels: null, seconds: 2, again, shown };
  return { ...action, part: source.part, samples: [source.samples[row] ?? 0], ...decided };
}
