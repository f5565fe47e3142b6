// The views of a run that the noise rate is estimated from: its last epochs, and first visits of samples held out before.
import { addProbabilities, historyColumns } from "./epoch-probabilities.js";

/** Mean probabilities of the last epochs, and of the first visits of samples that the first epoch left out. */
export interface RunViews {
  /** (n, classes); rows of samples never visited in the last epochs are uniform. */
  readonly late: Float32Array;
  /** Samples held out at first, their probabilities (m, classes) when they were first seen, and in which epoch; null without any. */
  readonly firstVisits: FirstVisits | null;
}

export interface FirstVisits {
  readonly index: Int32Array;
  readonly probabilities: Float32Array;
  readonly epoch: number;
}

/**
 * Reads the history of `samples`, (n, 3) an epoch, once; the last epochs are a tenth of all, two at the least.
 */
export function readViews(
  records: Iterable<Float32Array>,
  epochs: number,
  samples: Int32Array,
  labels: Int32Array,
  classes: number,
): RunViews {
  const late = new Float32Array(samples.length * classes);
  const visits = new Int32Array(samples.length);
  const from = epochs - Math.max(2, Math.floor(epochs / 10));
  let [waiting, firstVisits]: [Int32Array, FirstVisits | null] = [new Int32Array(), null];
  let epoch = 0;
  for (const record of records) {
    if (epoch === 0) waiting = samples.filter((i) => Number.isNaN(record[i * historyColumns]!));
    else if (firstVisits === null && waiting.some((i) => !Number.isNaN(record[i * historyColumns]!))) {
      firstVisits = visitsOf(record, waiting, labels, classes, epoch);
    }
    if (epoch >= from) addView(late, visits, record, samples, labels, classes);
    epoch++;
  }
  average(late, visits, classes);
  return { late, firstVisits };
}

function visitsOf(
  record: Float32Array,
  waiting: Int32Array,
  labels: Int32Array,
  classes: number,
  epoch: number,
): FirstVisits {
  const index = waiting.filter((i) => !Number.isNaN(record[i * historyColumns]!));
  const probabilities = new Float32Array(index.length * classes);
  addView(probabilities, new Int32Array(index.length), record, index, labels, classes);
  return { index, probabilities, epoch };
}

function addView(
  sums: Float32Array,
  visits: Int32Array,
  record: Float32Array,
  samples: Int32Array,
  labels: Int32Array,
  classes: number,
): void {
  samples.forEach((sample, row) => {
    const [own, margin, predicted] = record.subarray(sample * historyColumns) as unknown as Row;
    if (Number.isNaN(own)) return;
    visits[row]! += 1;
    addProbabilities(sums, row * classes, classes, 1, [own, margin, predicted, labels[sample]!]);
  });
}

type Row = readonly [probability: number, margin: number, predicted: number];

function average(sums: Float32Array, visits: Int32Array, classes: number): void {
  sums.forEach((sum, k) => {
    const count = visits[Math.floor(k / classes)]!;
    sums[k] = count === 0 ? 1 / classes : sum / count;
  });
}
