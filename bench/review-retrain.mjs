// @ts-check
// The second training of bench/review.mjs: on the labels after a simulated review, pinned and not.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { percent } from "../dist/format.js";
import { isConfirmed, pinnedText, reviewedData, reviewState } from "../dist/review/index.js";
import { rankedByRun, shapesOf, trained } from "./review-runs.mjs";
import { judgments, review } from "./simulated-reviewer.mjs";

/**
 * Test accuracy of a run on 5,000 shapes, and of two on its labels after the verdicts; and the fraction of right labels.
 * @param {string} runs @param {{ seed: number, epochs: number, verdicts: number }} keys
 */
export async function retrainRow(runs, { seed, epochs, verdicts }) {
  const dataSet = shapesOf(seed, 5000);
  const before = join(runs, `before-${seed}`);
  const { testAccuracy } = await trained(before, dataSet, { noise: "symmetric:0.4", seed, epochs });
  const own = await rankedByRun(before, dataSet);
  const state = reviewState(review(own, judgments(own, seed), verdicts));
  const data = { path: null, classes: dataSet.classes, train: { labels: own.source.given }, test: null };
  const { samples } = reviewedData(state, data);
  const labels = Int32Array.from(samples, ({ label }) => dataSet.classes.indexOf(label ?? ""));
  const corrected = { ...dataSet, train: { ...dataSet.train, labels } };
  const pinned = join(runs, `pinned-${seed}.csv`);
  writeFileSync(pinned, pinnedText(samples.filter(isConfirmed), pinned, data));
  const plain = await trained(join(runs, `after-${seed}`), corrected, { seed, epochs });
  const held = await trained(join(runs, `pinned-${seed}`), corrected, { seed, epochs, pinned });
  const right = (/** @type {Int32Array} */ given) =>
    percent(given.filter((label, i) => label === own.clean[i]).length / given.length);
  const accuracies = [testAccuracy, plain.testAccuracy, held.testAccuracy].map((value) => percent(value));
  return [String(seed), ...accuracies, right(own.source.given), right(labels)];
}
