// The views of a run that the noise rate is estimated from: its last epochs, and the samples held out of the first ones.
import type { HeldOutPredictions } from "../../runs/files/held-out-files.js";
import { HISTORY_COLUMNS } from "../../runs/files/sample-history.js";
import { addProbabilities } from "./epoch-probabilities.js";
import { disagreement } from "./history.js";

/**
 * The mean probabilities of the last epochs, a tenth of all and two at the least, of `samples`: (n, classes), uniform for samples
 * that those did not visit.
 */
export function lateView(
  records: Iterable<Float32Array>,
  epochs: number,
  samples: Int32Array,
  labels: Int32Array,
  classes: number,
): Float32Array {
  const sums = new Float32Array(samples.length * classes);
  const visits = new Int32Array(samples.length);
  const from = epochs - Math.max(2, Math.floor(epochs / 10));
  let epoch = 0;
  for (const record of records) {
    if (epoch++ < from) continue;
    samples.forEach((sample, row) => {
      const [own, margin, predicted] = record.subarray(sample * HISTORY_COLUMNS) as unknown as Row;
      if (Number.isNaN(own)) return;
      visits[row]! += 1;
      addProbabilities(sums, row * classes, classes, 1, [own, margin, predicted, labels[sample]!]);
    });
  }
  return sums.map((sum, k) => {
    const count = visits[Math.floor(k / classes)]!;
    return count === 0 ? 1 / classes : sum / count;
  });
}

type Row = readonly [probability: number, margin: number, predicted: number];

/** How much less an epoch counts than the next one. */
const decay = 0.7;

/** The predictions for the samples held out, averaged over their epochs, and how many those are. */
export interface HeldOutView extends HeldOutPredictions {
  readonly epochs: number;
}

/**
 * The weighted mean of the epochs' probabilities, an epoch counting 0.7 of the next one: one epoch's network errs at random, all the
 * more at a high learning rate. Null without an epoch.
 */
export function heldOutView(epochs: Iterable<HeldOutPredictions>): HeldOutView | null {
  let [view, weight, count]: [HeldOutPredictions | null, number, number] = [null, 0, 0];
  for (const { index, probabilities } of epochs) {
    const before: HeldOutPredictions | null = view;
    const same = before !== null && before.probabilities.length === probabilities.length;
    const kept = same ? decay * weight : 0;
    weight = kept + 1;
    const mean: Float32Array = same
      ? before.probabilities.map((value, k) => (kept * value + probabilities[k]!) / weight)
      : probabilities;
    view = { index, probabilities: mean };
    count++;
  }
  return view && { ...view, epochs: count };
}

/** By how much the fraction of predictions other than the labels fell in the last epoch; infinite after fewer than two epochs. */
export function lastDrop(records: Iterable<Float32Array>, labels: Int32Array): number {
  let [before, last] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const record of records) [before, last] = [last, disagreement(record, labels)];
  return Number.isFinite(before) ? before - last : Number.POSITIVE_INFINITY;
}
