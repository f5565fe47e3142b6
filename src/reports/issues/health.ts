// How a data set stands as a whole, by what is believed of its labels.
import {
  classErrors,
  confidentJoint,
  correctness,
  estimatedErrorShare,
  noiseMatrix,
  perClassAccuracy,
  predictions,
  reliabilityBins,
  softmaxResponse,
} from "../../metrics/index.js";
import type { TestAnswers } from "../../training/run-types.js";
import type { ClassHealth, Findings, ReliabilityBin } from "../findings.js";
import type { Evidence } from "./score.js";

type LabelHealth = Pick<Findings, "errorShare" | "noiseMatrix" | "classHealth">;

/**
 * The share of wrong labels, of all and of each class, and which class is labelled as which: all read off one confident
 * joint, that of the beliefs in the classes of the judged samples.
 */
export function labelHealth(
  { labels, classes, beliefs }: Evidence,
  judged: Int32Array,
  names: readonly string[],
  test: TestAnswers | null,
): LabelHealth {
  const rows = new Float32Array(judged.length * classes);
  for (const [row, i] of judged.entries()) rows.set(beliefs.subarray(i * classes, (i + 1) * classes), row * classes);
  const own = judged.map((i) => labels[i]!);
  const joint = confidentJoint(rows, own);
  const accuracies = test === null ? null : testAccuracies(test, classes);
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
