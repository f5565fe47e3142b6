// Ranks every label.
import type { LabelIssue } from "./findings.js";
import type { NoiseRate } from "./noise-rate.js";
import type { Evidence, Scores } from "./score.js";
import { sigmoid, wrongProbabilities } from "./wrong-probability.js";

/** The names of the samples and classes. */
export interface Names {
  readonly classes: readonly string[];
  /** Each sample's file, for data of files. */
  readonly files?: readonly string[] | undefined;
}

/**
 * The labels of `samples`, the most likely errors first: by odds, then by the tie-break, then by position. The mean of `pWrong`
 * is `rate`.
 *
 * The suggested label is the most probable class other than the given one.
 */
export function rankIssues(
  evidence: Evidence,
  samples: Int32Array,
  { odds, probability, tieBreak }: Scores,
  noiseRate: Pick<NoiseRate, "estimate" | "method">,
  { classes, files }: Names,
): LabelIssue[] {
  const { labels, run } = evidence;
  const pWrong = wrongProbabilities(odds, noiseRate);
  const order = Int32Array.from(samples.keys()).sort(
    (a, b) => odds[b]! - odds[a]! || tieBreak[b]! - tieBreak[a]! || samples[a]! - samples[b]!,
  );
  return Array.from(order, (row) => {
    const index = samples[row]!;
    return {
      index,
      file: files?.[index] ?? null,
      given: classes[labels[index]!]!,
      suggested: classes[bestOther(evidence, index)]!,
      score: sigmoid(odds[row]!),
      pWrong: pWrong[row]!,
      probability: probability[row]!,
      disagreesFrom: sinceEpoch(run?.history.disagreesFrom[index]),
      areaUnderMargin: run?.history.areaUnderMargin[index] ?? null,
      agreement: run?.history.agreement[index] ?? null,
      forgettingEvents: run?.history.forgettingEvents[index] ?? null,
    };
  });
}

const sinceEpoch = (epoch = -1) => (epoch < 0 ? null : epoch);

/** argmax_{j != y} of the probabilities; of equals, the one with the highest logit. */
function bestOther({ labels, classes, probabilities, logits }: Evidence, index: number): number {
  const label = labels[index]!;
  const start = index * classes;
  let best = label === 0 ? 1 : 0;
  for (let j = best + 1; j < classes; j++) {
    if (j === label) continue;
    const ahead =
      probabilities[start + j]! - probabilities[start + best]! || logits[start + j]! - logits[start + best]!;
    if (ahead > 0) best = j;
  }
  return best;
}
