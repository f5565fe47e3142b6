// From what a run, or anybody's probabilities, say of every sample to what is wrong with the data.
import { InputError } from "../../errors.js";
import { confidentJoint } from "../../metrics/index.js";
import type { RunInspection } from "../../training/run-types.js";
import type { Findings } from "../findings.js";
import { findDuplicates } from "./duplicates.js";
import { healthOfJoint, jointOfRanking, reliabilityOf } from "./health.js";
import { foldHistory, type History } from "./history.js";
import { type Names, rankIssues } from "./rank.js";
import { type Evidence, memorisedShare } from "./score.js";
import { estimateWrongShare } from "./wrong-share.js";

/**
 * The labels of a run's data that are probably wrong, ranked, and how the data stands as a whole:
 * `await findIssues(await inspectRun("runs/photos-sat-1"))`.
 *
 * Judged are the samples that were trained on. Beliefs in the classes are the run's targets once any has moved from its
 * label, else each class's share of the answers along the run. How many labels are wrong is estimated from their margins
 * along the run, and so many of the most suspect count as wrong for the classes and the noise matrix.
 */
export async function findIssues(inspection: RunInspection): Promise<Findings> {
  const { classes, train, trainIndices, features, featureSize, test } = inspection;
  const history = foldHistory(inspection.records(), train.labels, classes.length);
  const judged = trainIndices.filter((i) => history.visits[i]! > 0);
  const wrongShare = estimateWrongShare(Float64Array.from(judged, (i) => history.tellingMargin[i]!));
  const memorised = memorisedShare(history, train.labels, judged, wrongShare);
  const issues = rankIssues(evidenceOf(inspection, history, memorised), judged, { classes, files: train.files });
  const joint = jointOfRanking(issues, Math.round(wrongShare * judged.length), classes);
  return {
    classes,
    judged: judged.length,
    issues,
    ...healthOfJoint(joint, classes, test),
    duplicates: await findDuplicates({ features, featureSize, samples: train }),
    reliability: test === null ? null : reliabilityOf(test),
  };
}

function evidenceOf({ classes, train, targets, logits }: RunInspection, history: History, memorised: number): Evidence {
  const { labels } = train;
  const moved = targets?.some(
    (target, k) => target !== Number(labels[Math.floor(k / classes.length)] === k % classes.length),
  );
  const beliefs = targets !== null && moved ? targets : history.answerShares;
  return { labels, classes: classes.length, beliefs, logits, history, adaptive: beliefs === targets, memorised };
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
  const beliefs = { beliefs: probabilities, logits: probabilities, history: null, adaptive: false, memorised: 0 };
  const evidence: Evidence = { labels, classes: classes.length, ...beliefs };
  return {
    classes,
    judged: labels.length,
    issues: rankIssues(evidence, judged, { classes, files }),
    ...healthOfJoint(confidentJoint(probabilities, labels), classes, null),
    duplicates: [],
    reliability: null,
  };
}
