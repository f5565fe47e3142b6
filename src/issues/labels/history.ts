// The per-sample history of a run, reduced to a few numbers a sample while its epochs are read one by one.

import { HISTORY_COLUMNS as columns } from "../../runs/files/sample-history.js";
import { addProbabilities } from "./epoch-probabilities.js";
import { epochWeight } from "./informative.js";

/** One value a sample; a sample that was never visited has 0 visits, and its other values are meaningless. */
export interface History {
  /** Epochs in which the sample was trained on. */
  readonly visits: Int32Array;
  /** The area under the margin: mean over the visits of z_y - max_{j != y} z_j. @see Pleiss et al. 2020 (arXiv 2001.10528) */
  readonly areaUnderMargin: Float64Array;
  /** The given label's margin, averaged over the visits with weights d_e^2, d_e being the fraction of predictions of epoch e other than the given labels. */
  readonly informativeMargin: Float64Array;
  /** The given label's probability, averaged over the visits with weights `epochWeight`. */
  readonly informativeProbability: Float64Array;
  /** The sum of those weights. */
  readonly informativeWeight: Float64Array;
  /** The fraction of visits in which the given label was predicted. */
  readonly agreement: Float64Array;
  /** How often a correct prediction was followed by a wrong one. @see Toneva et al. 2019 (arXiv 1812.05159) */
  readonly forgettingEvents: Int32Array;
  /** The prediction of the last visit. */
  readonly lastPrediction: Int32Array;
  /** The epoch from which on no prediction was the given label; -1 where the last one is the label. */
  readonly disagreesFrom: Int32Array;
  /** The classes' probabilities as far as the history has them, (n, classes), averaged with the same weights. */
  readonly informativeProbabilities: Float32Array;
}

/**
 * Reduces the history of the epochs, (n, 3) each, in the order of training.
 *
 * One epoch is in memory at a time.
 */
export function foldHistory(records: Iterable<Float32Array>, labels: Int32Array, classes: number): History {
  const history = emptyHistory(labels.length, classes);
  let epoch = 0;
  const marginWeight = new Float64Array(labels.length);
  for (const record of records) {
    addEpoch(history, record, labels, epoch++);
    addInformative(history, marginWeight, record, labels, epoch);
  }
  averageVisits(history);
  divide(history.informativeMargin, marginWeight);
  divide(history.informativeProbability, history.informativeWeight);
  divide(history.informativeProbabilities, history.informativeWeight);
  return history;
}

function emptyHistory(samples: number, classes: number): History {
  return {
    visits: new Int32Array(samples),
    areaUnderMargin: new Float64Array(samples),
    informativeMargin: new Float64Array(samples),
    informativeProbability: new Float64Array(samples),
    informativeWeight: new Float64Array(samples),
    agreement: new Float64Array(samples),
    forgettingEvents: new Int32Array(samples),
    lastPrediction: new Int32Array(samples).fill(-1),
    disagreesFrom: new Int32Array(samples).fill(-1),
    informativeProbabilities: new Float32Array(samples * classes),
  };
}

function addEpoch(history: History, record: Float32Array, labels: Int32Array, epoch: number): void {
  labels.forEach((label, i) => {
    const [probability, margin, predicted] = record.subarray(columns * i, columns * (i + 1)) as unknown as Row;
    if (Number.isNaN(probability)) return;
    const correct = predicted === label;
    if (!correct && history.lastPrediction[i] === label) history.forgettingEvents[i]! += 1;
    if (correct) history.disagreesFrom[i] = -1;
    else if (history.disagreesFrom[i] === -1) history.disagreesFrom[i] = epoch;
    history.visits[i]! += 1;
    history.areaUnderMargin[i]! += margin;
    history.agreement[i]! += Number(correct);
    history.lastPrediction[i] = predicted;
  });
}

/** Adds an epoch, counted from 1. */
function addInformative(
  { informativeMargin, informativeProbability, informativeProbabilities, informativeWeight }: History,
  marginWeight: Float64Array,
  record: Float32Array,
  labels: Int32Array,
  epoch: number,
): void {
  const classes = informativeProbabilities.length / labels.length;
  const d = disagreement(record, labels);
  const weight = epochWeight(epoch, d);
  for (let i = 0; i < labels.length; i++) {
    const probability = record[columns * i]!;
    if (Number.isNaN(probability)) continue;
    marginWeight[i]! += d ** 2;
    informativeMargin[i]! += d ** 2 * record[columns * i + 1]!;
    informativeWeight[i]! += weight;
    informativeProbability[i]! += weight * probability;
    const [margin, predicted] = [record[columns * i + 1]!, record[columns * i + 2]!];
    addProbabilities(informativeProbabilities, i * classes, classes, weight, [
      probability,
      margin,
      predicted,
      labels[i]!,
    ]);
  }
}

/** Divides sums by their weights; without weight they stay 0. */
function divide(sums: Float64Array | Float32Array, weights: Float64Array): void {
  const columns = sums.length / weights.length;
  sums.forEach((sum, k) => {
    const weight = weights[Math.floor(k / columns)]!;
    if (weight > 0) sums[k] = sum / weight;
  });
}

/** The fraction of an epoch's samples whose prediction was not the given label; never 0, so that every epoch counts a little. */
export function disagreement(record: Float32Array, labels: Int32Array): number {
  let [visited, disagreed] = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    if (Number.isNaN(record[columns * i])) continue;
    visited++;
    if (record[columns * i + 2] !== labels[i]) disagreed++;
  }
  return (disagreed + 1) / (visited + 1);
}

type Row = readonly [probability: number, margin: number, predicted: number];

/** Turns sums over the visits into means. */
function averageVisits({ visits, areaUnderMargin, agreement }: History): void {
  visits.forEach((count, i) => {
    if (count === 0) return;
    for (const sums of [areaUnderMargin, agreement]) sums[i]! /= count;
  });
}
