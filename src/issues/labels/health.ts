// The quality of a data set's labels, by class.
import {
  classErrors,
  correctness,
  type Matrix,
  noiseMatrix,
  perClassAccuracy,
  predictions,
  reliabilityBins,
  softmaxResponse,
} from "../../metrics/index.js";
import type { TestOutputs } from "../evidence.js";
import type { ClassHealth, Findings, LabelIssue, ReliabilityBin } from "../findings.js";
import type { NoiseRate } from "./rate/noise-rate.js";

type LabelHealth = Pick<Findings, "noiseMatrix" | "classHealth">;

/** The error rate of each class, and the noise matrix, by a joint of counts [given][true] and the overall noise rate. */
export function healthOfJoint(
  joint: Matrix,
  rate: NoiseRate,
  names: readonly string[],
  test: TestOutputs | null,
): LabelHealth {
  const accuracies = test === null ? null : testAccuracies(test, names.length);
  const classHealth = classErrors(joint).map(
    ({ labeled, wrongFraction }, i): ClassHealth => ({
      name: names[i]!,
      samples: Math.round(labeled),
      cleanLabels: labeled * (1 - (wrongFraction ?? 0)),
      ...classRate(wrongFraction ?? 0, labeled, rate),
      testAccuracy: accuracies?.[i] ?? null,
    }),
  );
  return { noiseMatrix: noiseMatrix(joint).givenOfTrue, classHealth };
}

/** The overall interval around the class's estimate, widened by the 95% normal interval for its number of samples. */
function classRate(labelErrorRate: number, samples: number, { estimate, low, high }: NoiseRate) {
  const error = 1.96 * Math.sqrt((labelErrorRate * (1 - labelErrorRate)) / Math.max(1, samples));
  return {
    labelErrorRate,
    low: Math.max(0, labelErrorRate - (estimate - low) - error),
    high: Math.min(1, labelErrorRate + (high - estimate) + error),
  };
}

/** The weight of the overall rate in the rate of a class, in samples. */
const pseudoSamples = 20;

/**
 * The expected joint of a ranking: each label is wrong with its P(wrong), and its true class is then the suggested one.
 *
 * A class's rate r_c = sum P(wrong) / n_c is shrunk towards the overall rate r: (n_c r_c + 20 r) / (n_c + 20), scaled so that as many
 * labels are wrong in all as before.
 */
export function expectedJoint(issues: readonly LabelIssue[], names: readonly string[]): Matrix {
  const numbers = new Map(names.map((name, i) => [name, i]));
  const wrong = names.map(() => names.map(() => 0));
  const given = names.map(() => 0);
  for (const issue of issues) {
    const row = numbers.get(issue.given)!;
    given[row]! += 1;
    wrong[row]![numbers.get(issue.suggested)!]! += issue.pWrong;
  }
  const sums = wrong.map(total);
  const rate = total(sums) / Math.max(1, issues.length);
  const shrunk = sums.map((sum, i) => (given[i]! * (sum + pseudoSamples * rate)) / (given[i]! + pseudoSamples));
  const scale = total(sums) / (total(shrunk) || 1);
  return wrong.map((row, i) => {
    const errors = Math.min(given[i]!, scale * shrunk[i]!);
    return row.map((value, j) => (i === j ? given[i]! - errors : sums[i] === 0 ? 0 : (value * errors) / sums[i]!));
  });
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

function testAccuracies({ logits, labels }: TestOutputs, classes: number): (number | null)[] {
  return perClassAccuracy(predictions(logits, labels.length, classes), labels, classes);
}

/** The nonempty bins of a reliability diagram, by the probability of the predicted class at a temperature. */
export function reliabilityOf({ logits, labels }: TestOutputs, temperature = 1): ReliabilityBin[] {
  const scaled = temperature === 1 ? logits : logits.map((logit) => logit / temperature);
  const bins = reliabilityBins(softmaxResponse(scaled, labels.length), correctness(logits, labels));
  return bins.flatMap(({ confidence, accuracy, count }) =>
    confidence === null || accuracy === null ? [] : [{ confidence, accuracy, samples: count }],
  );
}
