// What the epochs of a run say of each sample, folded into a few numbers while they are read one by one.

import { addProbabilities, historyColumns as columns } from "./epoch-probabilities.js";
import { epochWeight } from "./informative.js";

/** One value a sample; a sample that was never visited has 0 visits, and its other values mean nothing. */
export interface History {
  /** Epochs in which the sample was trained on. */
  readonly visits: Int32Array;
  /** The area under the margin: mean over the visits of z_y - max_{j != y} z_j. @see Pleiss et al. 2020 (arXiv 2001.10528) */
  readonly areaUnderMargin: Float64Array;
  /** The given label's margin, averaged over the visits, epoch e weighing d_e^2, with d_e the share of its answers that are not the given labels. */
  readonly tellingMargin: Float64Array;
  /** The given label's probability, averaged over the visits each weighing `epochWeight`. */
  readonly tellingProbability: Float64Array;
  /** The sum of those weights. */
  readonly tellingWeight: Float64Array;
  /** The share of visits in which the given label was answered. */
  readonly agreement: Float64Array;
  /** How often an answer was right and the next one wrong. @see Toneva et al. 2019 (arXiv 1812.05159) */
  readonly forgettingEvents: Int32Array;
  /** The answer of the last visit. */
  readonly lastAnswer: Int32Array;
  /** The epoch from which every answer was another than the given label; -1 where the last one is the label. */
  readonly disagreesFrom: Int32Array;
  /** The classes' probabilities as far as they are known, (n, classes), the visits weighing likewise. */
  readonly tellingBeliefs: Float32Array;
}

/**
 * Folds the records of the epochs, (n, 3) each, in the order of training.
 *
 * One epoch is held at a time; the memory is that of the result.
 */
export function foldHistory(records: Iterable<Float32Array>, labels: Int32Array, classes: number): History {
  const history = emptyHistory(labels.length, classes);
  let epoch = 0;
  const marginWeight = new Float64Array(labels.length);
  for (const record of records) {
    addEpoch(history, record, labels, epoch++);
    addTelling(history, marginWeight, record, labels, epoch);
  }
  averageVisits(history);
  divide(history.tellingMargin, marginWeight);
  divide(history.tellingProbability, history.tellingWeight);
  divide(history.tellingBeliefs, history.tellingWeight);
  return history;
}

function emptyHistory(samples: number, classes: number): History {
  return {
    visits: new Int32Array(samples),
    areaUnderMargin: new Float64Array(samples),
    tellingMargin: new Float64Array(samples),
    tellingProbability: new Float64Array(samples),
    tellingWeight: new Float64Array(samples),
    agreement: new Float64Array(samples),
    forgettingEvents: new Int32Array(samples),
    lastAnswer: new Int32Array(samples).fill(-1),
    disagreesFrom: new Int32Array(samples).fill(-1),
    tellingBeliefs: new Float32Array(samples * classes),
  };
}

function addEpoch(history: History, record: Float32Array, labels: Int32Array, epoch: number): void {
  labels.forEach((label, i) => {
    const [probability, margin, answer] = record.subarray(columns * i, columns * (i + 1)) as unknown as Row;
    if (Number.isNaN(probability)) return;
    const right = answer === label;
    if (!right && history.lastAnswer[i] === label) history.forgettingEvents[i]! += 1;
    if (right) history.disagreesFrom[i] = -1;
    else if (history.disagreesFrom[i] === -1) history.disagreesFrom[i] = epoch;
    history.visits[i]! += 1;
    history.areaUnderMargin[i]! += margin;
    history.agreement[i]! += Number(right);
    history.lastAnswer[i] = answer;
  });
}

/** Adds an epoch, counted from 1. */
function addTelling(
  { tellingMargin, tellingProbability, tellingBeliefs, tellingWeight }: History,
  marginWeight: Float64Array,
  record: Float32Array,
  labels: Int32Array,
  epoch: number,
): void {
  const classes = tellingBeliefs.length / labels.length;
  const share = disagreement(record, labels);
  const weight = epochWeight(epoch, share);
  for (let i = 0; i < labels.length; i++) {
    const probability = record[columns * i]!;
    if (Number.isNaN(probability)) continue;
    marginWeight[i]! += share ** 2;
    tellingMargin[i]! += share ** 2 * record[columns * i + 1]!;
    tellingWeight[i]! += weight;
    tellingProbability[i]! += weight * probability;
    const [margin, predicted] = [record[columns * i + 1]!, record[columns * i + 2]!];
    addProbabilities(tellingBeliefs, i * classes, classes, weight, [probability, margin, predicted, labels[i]!]);
  }
}

/** Divides sums by their weights; where there are none they stay 0. */
function divide(sums: Float64Array | Float32Array, weights: Float64Array): void {
  const columns = sums.length / weights.length;
  sums.forEach((sum, k) => {
    const weight = weights[Math.floor(k / columns)]!;
    if (weight > 0) sums[k] = sum / weight;
  });
}

/** The share of an epoch's samples whose answer was not the given label; never 0, so that every epoch counts a little. */
function disagreement(record: Float32Array, labels: Int32Array): number {
  let [visited, disagreed] = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    if (Number.isNaN(record[columns * i])) continue;
    visited++;
    if (record[columns * i + 2] !== labels[i]) disagreed++;
  }
  return (disagreed + 1) / (visited + 1);
}

type Row = readonly [probability: number, margin: number, answer: number];

/** Turns sums over the visits into means. */
function averageVisits({ visits, areaUnderMargin, agreement }: History): void {
  visits.forEach((count, i) => {
    if (count === 0) return;
    for (const sums of [areaUnderMargin, agreement]) sums[i]! /= count;
  });
}
