// How a data set stands as a whole, by what is believed of its labels.
import {
  classErrors,
  correctness,
  estimatedErrorShare,
  type Matrix,
  noiseMatrix,
  perClassAccuracy,
  predictions,
  reliabilityBins,
  softmaxResponse,
} from "../metrics/index.js";
import type { TestAnswers } from "./evidence.js";
import type { ClassHealth, Findings, LabelIssue, ReliabilityBin } from "./findings.js";

type LabelHealth = Pick<Findings, "errorShare" | "noiseMatrix" | "classHealth">;

/** What a joint of counts [given][true] says: the share of wrong labels, of all and of each class, and which is labelled as which. */
export function healthOfJoint(joint: Matrix, names: readonly string[], test: TestAnswers | null): LabelHealth {
  const accuracies = test === null ? null : testAccuracies(test, names.length);
  const classHealth = classErrors(joint).map(
    ({ labelled, wrongShare }, i): ClassHealth => ({
      name: names[i]!,
      samples: Math.round(labelled),
      errorShare: wrongShare ?? 0,
      testAccuracy: accuracies?.[i] ?? null,
    }),
  );
  return { errorShare: estimatedErrorShare(joint), noiseMatrix: noiseMatrix(joint).givenOfTrue, classHealth };
}

/** The joint of a ranking whose first `wrong` labels are taken to be wrong, and truly the ones suggested. */
export function jointOfRanking(issues: readonly LabelIssue[], wrong: number, names: readonly string[]): Matrix {
  const numbers = new Map(names.map((name, i) => [name, i]));
  const joint = names.map(() => names.map(() => 0));
  issues.forEach(({ given, suggested }, rank) => {
    joint[numbers.get(given)!]![numbers.get(rank < wrong ? suggested : given)!]! += 1;
  });
  return joint;
}

function testAccuracies({ logits, labels }: TestAnswers, classes: number): (number | null)[] {
  return perClassAccuracy(predictions(logits, labels.length, classes), labels, classes);
}

/** The bins of a reliability diagram that hold samples, by the probability of the class answered. */
export function reliabilityOf({ logits, labels }: TestAnswers): ReliabilityBin[] {
  const bins = reliabilityBins(softmaxResponse(logits, labels.length), correctness(logits, labels));
  return bins.flatMap(({ confidence, accuracy, count }) =>
    confidence === null || accuracy === null ? [] : [{ confidence, accuracy, samples: count }],
  );
}
