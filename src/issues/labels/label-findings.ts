// Finds label errors, from the history of a run or from any out-of-sample probabilities.
import { InputError } from "../../errors.js";
import { confidentJoint, estimatedErrorRate, type Matrix, predictions, softmaxRows } from "../../metrics/index.js";
import type { RunInspection } from "../evidence.js";
import type { Findings } from "../findings.js";
import { rowsOf } from "../rows.js";
import { heldOutView, lastDrop, lateView } from "./epoch-views.js";
import { expectedJoint, healthOfJoint, reliabilityOf } from "./health.js";
import { foldHistory, type History } from "./history.js";
import { type Names, rankIssues } from "./rank.js";
import { againstChance } from "./rate/chance.js";
import { confidentDisagreement } from "./rate/confident-disagreement.js";
import { type HeldOutOfRun, heldOutEvidence } from "./rate/held-out-rate.js";
import { type NoiseRate, unknownRate } from "./rate/noise-rate.js";
import { rateOfProbabilities } from "./rate/probability-rate.js";
import { estimateNoiseRate, jointRate } from "./rate/run-rate.js";
import { estimateWrongFraction } from "./rate/wrong-fraction.js";
import { combinedProbabilities, type Evidence, scoreLabels } from "./score.js";

/** What is known of the labels of one part. */
export type LabelFindings = Omit<Findings, "part" | "samples" | "kinds" | "notes">;

/**
 * Label errors of a run's training part, ranked, and a summary of its quality.
 *
 * The samples trained on are evaluated, by the probabilities of their labels during and after training, relative to their
 * class. The suggested label is the most probable other class. The noise rate is estimated first (`rate/`): it is the
 * mean of all P(wrong), and the figures of the classes follow from these. `far` are the samples far from all others.
 */
export function labelFindings(inspection: RunInspection, far: ReadonlySet<number>): LabelFindings {
  const { classes, train, test } = inspection;
  const { history, visited } = trainedOn(inspection);
  const evidence = { ...evidenceOf(inspection, history, visited), far };
  const noiseRate = rateOfRun(inspection, history, visited);
  const names = { classes, files: train.files };
  const issues = rankIssues(evidence, visited, scoreLabels(evidence, visited), noiseRate, names);
  return {
    classes,
    evaluated: visited.length,
    issues,
    noiseRate,
    ...healthOfJoint(expectedJoint(issues, classes), noiseRate, classes, test),
    reliability: test === null ? null : reliabilityOf(test),
  };
}

/**
 * The probabilities that the labels of a run's training data are ranked by, (n, classes): during training, of the final network and the
 * targets; without those during training for samples without a history, which are not ranked.
 */
export function labelProbabilities(inspection: RunInspection): Float32Array {
  const { history, visited } = trainedOn(inspection);
  return evidenceOf(inspection, history, visited).probabilities;
}

/** Of each inspection, what `trainedOn` has read: the files of all epochs. */
const read = new WeakMap<RunInspection, { readonly history: History; readonly visited: Int32Array }>();

/** The history, and the training samples that have one. */
function trainedOn(inspection: RunInspection) {
  const known = read.get(inspection);
  if (known !== undefined) return known;
  const { classes, train, trainIndices, records } = inspection;
  const history = foldHistory(records(), train.labels, classes.length);
  const found = { history, visited: trainIndices.filter((i) => history.visits[i]! > 0) };
  read.set(inspection, found);
  return found;
}

function rateOfRun(inspection: RunInspection, history: History, visited: Int32Array): NoiseRate {
  const { train, epochs, records } = inspection;
  const classes = inspection.classes.length;
  const labels = Int32Array.from(visited, (i) => train.labels[i]!);
  const late = lateView(records(), epochs, visited, train.labels, classes);
  const informative = rowsOf(history.informativeProbabilities, visited, classes);
  return estimateNoiseRate({
    late: {
      joint: jointRate(late, labels),
      agreement: confidentDisagreement(late, labels, classes, 0.1) ?? 0,
      disagreement: disagreement(late, labels, classes),
      drop: lastDrop(records(), train.labels),
      chance: againstChance(late, labels, classes),
    },
    informative: { joint: jointRate(informative, labels), disagreement: disagreement(informative, labels, classes) },
    margins: estimateWrongFraction(Float64Array.from(visited, (i) => history.informativeMargin[i]!)),
    heldOut: heldOutOf(inspection, history),
    samples: visited.length,
  });
}

/** A network that has memorized others errs on samples that it never saw like one that they were held out of for so much of training. */
const finalPosition = 1 / 3;

/**
 * Of the samples held out until the targets' start; else of those never trained on, if any, by the final network. Where they are the
 * same samples, the best predictions are the mean of both: two networks err less than one.
 */
function heldOutOf(
  { train, classes, logits, epochs, leftOut, ...run }: RunInspection,
  { visits }: History,
): HeldOutOfRun | null {
  const view = heldOutView(run.heldOut());
  const index = view?.index ?? Int32Array.from(train.labels.keys()).filter((i) => visits[i] === 0 && !leftOut?.has(i));
  if (index.length === 0) return null;
  const final = softmaxRows(rowsOf(logits, index, classes.length), classes.length);
  const neverSeen = view !== null && index.every((i) => visits[i] === 0);
  const evidence = heldOutEvidence({
    probabilities: view?.probabilities ?? final,
    best: neverSeen ? view.probabilities.map((p, k) => (p + final[k]!) / 2) : undefined,
    labels: index.map((i) => train.labels[i]!),
    classes: classes.length,
  });
  return { ...evidence, position: view === null ? finalPosition : view.epochs / epochs };
}

function disagreement(probabilities: Float32Array, labels: Int32Array, classes: number): number {
  const predicted = predictions(probabilities, labels.length, classes);
  return labels.reduce((count, label, i) => count + Number(predicted[i] !== label), 0) / Math.max(1, labels.length);
}

function evidenceOf(inspection: RunInspection, history: History, visited: Int32Array): Omit<Evidence, "far"> {
  const { classes, train, logits } = inspection;
  const { labels } = train;
  const targets = movedTargets(inspection);
  const run = {
    history,
    epochs: inspection.epochs,
    final: finalProbabilities(logits, classes.length, targets),
    disagreement: fractionDisagreeing(logits, classes.length, labels, visited),
  };
  return { labels, classes: classes.length, probabilities: combinedProbabilities(run), logits, run };
}

/** The targets, once any has moved from its label. */
function movedTargets({ classes, train, targets }: RunInspection): Float32Array | null {
  const label = (k: number) => train.labels[Math.floor(k / classes.length)];
  const moved = targets?.some((target, k) => target !== Number(label(k) === k % classes.length));
  return moved ? targets : null;
}

/** The softmax of each row, averaged with the targets if there are any. */
function finalProbabilities(logits: Float32Array, classes: number, targets: Float32Array | null): Float32Array {
  const probabilities = softmaxRows(logits, classes);
  return targets === null ? probabilities : probabilities.map((value, k) => (value + targets[k]!) / 2);
}

function fractionDisagreeing(logits: Float32Array, classes: number, labels: Int32Array, visited: Int32Array): number {
  const predicted = predictions(logits, labels.length, classes);
  return visited.reduce((count, i) => count + Number(predicted[i] !== labels[i]), 0) / Math.max(1, visited.length);
}

export interface GivenProbabilities extends Names {
  /** (n, classes) row-major, by a network that was not trained on these samples. */
  readonly probabilities: Float32Array;
  /** (n); samples with -1, which have no label, are left out. */
  readonly labels: Int32Array;
  /** Samples that are far from all others, if that is known. */
  readonly far?: ReadonlySet<number>;
}

/** The joint, (given, true), with its errors scaled to a total fraction of `rate`, and the labels of each class as many as before. */
function withRate(joint: Matrix, rate: number): Matrix {
  const before = estimatedErrorRate(joint);
  return joint.map((row, i) => {
    const errors = row.reduce((sum, count, j) => sum + (i === j ? 0 : count), 0);
    const factor = errors === 0 ? 1 : Math.min(rate / before, (errors + row[i]!) / errors);
    return row.map((count, j) => (i === j ? count + (1 - factor) * errors : factor * count));
  });
}

/**
 * Label errors by any out-of-sample probabilities; the noise rate is by the likelihood of the labels (`rate/`) or, where that
 * shows no noise, by the confident joint of Northcutt et al. 2021 (arXiv 1911.00068), to which the figures of the classes are proportional.
 * @throws InputError where there is not one probability for each class.
 */
export function labelFindingsByProbabilities(given: GivenProbabilities): LabelFindings {
  const { probabilities, labels, classes, files, far = new Set() } = given;
  if (probabilities.length !== labels.length * classes.length) {
    const received = `${probabilities.length / labels.length} probabilities a sample`;
    throw new InputError(`${received}; expected ${classes.length}, one for each class (${classes.join(", ")})`);
  }
  const labeled = Int32Array.from(labels.keys()).filter((i) => labels[i]! >= 0);
  if (labeled.length === 0) return unranked("no labels", labeled, classes);
  if (classes.length === 1) return unranked("one class", labeled, classes);
  const rows = labeled.length === labels.length ? probabilities : rowsOf(probabilities, labeled, classes.length);
  const known = labeled.map((i) => labels[i]!);
  const joint = confidentJoint(rows, known);
  const noiseRate = rateOfProbabilities(estimatedErrorRate(joint), rows, known, classes.length);
  const of = { labels: known, classes: classes.length, probabilities: rows, logits: rows };
  const evidence: Evidence = {
    ...of,
    run: null,
    far: new Set([...labeled.keys()].filter((row) => far.has(labeled[row]!))),
  };
  const all = Int32Array.from(labeled.keys());
  const names = { classes, files: files && Array.from(labeled, (i) => files[i]!) };
  const issues = rankIssues(evidence, all, scoreLabels(evidence, all), noiseRate, names);
  return {
    classes,
    evaluated: labeled.length,
    issues: issues.map((issue) => ({ ...issue, index: labeled[issue.index]! })),
    noiseRate,
    ...healthOfJoint(withRate(joint, noiseRate.estimate), noiseRate, classes, null),
    reliability: null,
  };
}

/** Labels that cannot be ranked: an unknown fraction of them is wrong. */
function unranked(reason: "no labels" | "one class", labeled: Int32Array, classes: readonly string[]): LabelFindings {
  const noiseRate = unknownRate(reason, 1);
  const counts = classes.map((_, i) => classes.map((_, j) => (i === j ? labeled.length / classes.length : 0)));
  const health = healthOfJoint(counts, noiseRate, classes, null);
  return { classes, evaluated: labeled.length, issues: [], noiseRate, ...health, reliability: null };
}
