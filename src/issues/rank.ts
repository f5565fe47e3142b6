// Every label scored and ranked.
import type { LabelIssue } from "./findings.js";
import type { Evidence, Scores } from "./score.js";
import { sigmoid, wrongProbabilities } from "./wrong-probability.js";

/** What names the samples and classes of a ranking. */
export interface Names {
  readonly classes: readonly string[];
  /** Where each sample came from, for sets of files. */
  readonly files?: readonly string[] | undefined;
}

/**
 * The labels of `samples`, the most suspect first: by the odds of their scores, then by the tie-break, then by position. So many
 * of them are wrong as `rate` says, each with probability `pWrong`.
 *
 * The label suggested is the class other than the given one that is believed most.
 */
export function rankIssues(
  evidence: Evidence,
  samples: Int32Array,
  { odds, probability, tieBreak }: Scores,
  rate: number,
  { classes, files }: Names,
): LabelIssue[] {
  const { labels, along } = evidence;
  const pWrong = wrongProbabilities(odds, rate);
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
      disagreesFrom: sinceEpoch(along?.history.disagreesFrom[index]),
      areaUnderMargin: along?.history.areaUnderMargin[index] ?? null,
      agreement: along?.history.agreement[index] ?? null,
      forgettingEvents: along?.history.forgettingEvents[index] ?? null,
    };
  });
}

const sinceEpoch = (epoch = -1) => (epoch < 0 ? null : epoch);

/** argmax_{j != y} of the beliefs; of equals, the one with the highest logit. */
function bestOther({ labels, classes, beliefs, logits }: Evidence, index: number): number {
  const label = labels[index]!;
  const start = index * classes;
  let best = label === 0 ? 1 : 0;
  for (let j = best + 1; j < classes; j++) {
    if (j === label) continue;
    const ahead = beliefs[start + j]! - beliefs[start + best]! || logits[start + j]! - logits[start + best]!;
    if (ahead > 0) best = j;
  }
  return best;
}
