// From what a run, or anybody's probabilities, say of every sample to what is wrong with the data.
import { InputError } from "../errors.js";
import { confidentJoint, estimatedErrorRate, predictions, softmaxRows } from "../metrics/index.js";
import { findDuplicates, mostCompared } from "./duplicates.js";
import { heldOutView, lateView } from "./epoch-views.js";
import type { RunInspection } from "./evidence.js";
import type { Findings } from "./findings.js";
import { expectedJoint, healthOfJoint, reliabilityOf } from "./health.js";
import { foldHistory, type History } from "./history.js";
import {
  confidentDisagreement,
  estimateNoiseRate,
  jointRate,
  type NoiseRate,
  rateOf,
  rateOfHeldOut,
} from "./noise-rate.js";
import { type Names, rankIssues } from "./rank.js";
import { believedClasses, type Evidence, scoreLabels } from "./score.js";
import { estimateWrongShare } from "./wrong-fraction.js";

/**
 * The labels of a run's data that are probably wrong, ranked, and how the data stands as a whole:
 * `await findIssues(await inspectRun("runs/photos-sat-1"))`.
 *
 * Judged are the samples that were trained on, each by what was made of its label along the run and in the end, each class
 * measured by itself. The label suggested is the class believed most beside the given one, by the same views. How many are
 * wrong is estimated first (`noise-rate.ts`); each label's P(wrong) has that mean, and the figures of the classes come of it.
 *
 * Near-duplicates cost n^2 featureSize / 2 multiplications, up to 100,000 samples; of more, only exact copies are found.
 * `duplicates: false` looks for neither.
 */
export async function findIssues(
  inspection: RunInspection,
  { duplicates = true }: { readonly duplicates?: boolean } = {},
): Promise<Findings> {
  const { classes, train, trainIndices, features, featureSize, unreadable, test } = inspection;
  const history = foldHistory(inspection.records(), train.labels, classes.length);
  const judged = trainIndices.filter((i) => history.visits[i]! > 0);
  const evidence = evidenceOf(inspection, history, judged);
  const noiseRate = rateOfRun(inspection, history, judged);
  const names = { classes, files: train.files };
  const issues = rankIssues(evidence, judged, scoreLabels(evidence, judged), noiseRate.estimate, names);
  return {
    classes,
    judged: judged.length,
    issues,
    noiseRate,
    ...healthOfJoint(expectedJoint(issues, classes), noiseRate, classes, test),
    duplicates: duplicates ? await findDuplicates({ features, featureSize, samples: train, unreadable }) : [],
    reliability: test === null ? null : reliabilityOf(test),
    notes: duplicates && train.labels.length > mostCompared ? [onlyCopies(train.labels.length)] : [],
  };
}

const onlyCopies = (samples: number) =>
  `duplicates: of ${samples} samples only exact copies are found, near-duplicates of up to ${mostCompared}`;

function rateOfRun(inspection: RunInspection, history: History, judged: Int32Array): NoiseRate {
  const { train, epochs, records } = inspection;
  const classes = inspection.classes.length;
  const labels = Int32Array.from(judged, (i) => train.labels[i]!);
  const late = lateView(records(), epochs, judged, train.labels, classes);
  const informative = rowsOf(history.tellingBeliefs, judged, classes);
  const view = heldOutView(inspection.heldOut());
  const labelsOf = (index: Int32Array) => index.map((i) => train.labels[i]!);
  return estimateNoiseRate({
    lateJoint: jointRate(late, labels),
    lateAgreement: confidentDisagreement(late, labels, classes, 0.1),
    lateDisagreement: disagreement(late, labels, classes),
    informativeJoint: jointRate(informative, labels),
    informativeDisagreement: disagreement(informative, labels, classes),
    margins: estimateWrongShare(Float64Array.from(judged, (i) => history.tellingMargin[i]!)),
    heldOut: view && rateOfHeldOut(view.probabilities, labelsOf(view.index), classes, view.epochs / epochs),
    samples: judged.length,
  });
}

function disagreement(probabilities: Float32Array, labels: Int32Array, classes: number): number {
  const predicted = predictions(probabilities, labels.length, classes);
  return labels.reduce((count, label, i) => count + Number(predicted[i] !== label), 0) / Math.max(1, labels.length);
}

/** The rows of the samples, (n, classes). */
function rowsOf(all: Float32Array, samples: Int32Array, classes: number): Float32Array {
  const rows = new Float32Array(samples.length * classes);
  samples.forEach((sample, row) => {
    rows.set(all.subarray(sample * classes, (sample + 1) * classes), row * classes);
  });
  return rows;
}

function evidenceOf(inspection: RunInspection, history: History, judged: Int32Array): Evidence {
  const { classes, train, logits } = inspection;
  const { labels } = train;
  const targets = movedTargets(inspection);
  const along = {
    history,
    epochs: inspection.epochs,
    final: finalBeliefs(logits, classes.length, targets),
    disagreement: shareDisagreeing(logits, classes.length, labels, judged),
  };
  return { labels, classes: classes.length, beliefs: believedClasses(along), logits, along };
}

/** The targets, once any has moved from its label. */
function movedTargets({ classes, train, targets }: RunInspection): Float32Array | null {
  const label = (k: number) => train.labels[Math.floor(k / classes.length)];
  const moved = targets?.some((target, k) => target !== Number(label(k) === k % classes.length));
  return moved ? targets : null;
}

/** The softmax of each row, averaged with the targets where there are some. */
function finalBeliefs(logits: Float32Array, classes: number, targets: Float32Array | null): Float32Array {
  const beliefs = softmaxRows(logits, classes);
  return targets === null ? beliefs : beliefs.map((value, k) => (value + targets[k]!) / 2);
}

function shareDisagreeing(logits: Float32Array, classes: number, labels: Int32Array, judged: Int32Array): number {
  const answers = predictions(logits, labels.length, classes);
  return judged.reduce((count, i) => count + Number(answers[i] !== labels[i]), 0) / Math.max(1, judged.length);
}

export interface GivenProbabilities extends Names {
  /** Of the classes, (n, classes) row by row: of a network that had not seen the samples. */
  readonly probabilities: Float32Array;
  readonly labels: Int32Array;
}

/**
 * The labels that are probably wrong by anybody's out-of-sample probabilities; how many, of which classes, by the confident
 * joint of Northcutt et al. 2021 (arXiv 1911.00068).
 * @throws InputError where a row does not count the classes.
 */
export function findIssuesByProbabilities({ probabilities, labels, classes, files }: GivenProbabilities): Findings {
  if (probabilities.length !== labels.length * classes.length) {
    const found = `${probabilities.length / labels.length} probabilities a sample`;
    throw new InputError(`${found}; expected ${classes.length}, one for each class (${classes.join(", ")})`);
  }
  const judged = Int32Array.from(labels.keys());
  const evidence: Evidence = {
    labels,
    classes: classes.length,
    beliefs: probabilities,
    logits: probabilities,
    along: null,
  };
  const joint = confidentJoint(probabilities, labels);
  const noiseRate = rateOf("confident joint", estimatedErrorRate(joint), [], labels.length);
  return {
    classes,
    judged: labels.length,
    issues: rankIssues(evidence, judged, scoreLabels(evidence, judged), noiseRate.estimate, { classes, files }),
    noiseRate,
    ...healthOfJoint(joint, noiseRate, classes, null),
    duplicates: [],
    reliability: null,
    notes: [],
  };
}
