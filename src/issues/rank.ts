// Every label judged and ranked.
import type { LabelIssue } from "./findings.js";
import { type Evidence, scoreLabels } from "./score.js";

/** What names the samples and classes of a ranking. */
export interface Names {
  readonly classes: readonly string[];
  /** Where each sample came from, for sets of files. */
  readonly files?: readonly string[] | undefined;
}

/**
 * The labels of the samples at `judged`, the most suspect first: by score, then by the score's tie-break, then by position.
 *
 * The label suggested is the class other than the given one that is believed most.
 */
export function rankIssues(evidence: Evidence, judged: Int32Array, { classes, files }: Names): LabelIssue[] {
  const { labels, along } = evidence;
  const { score, probability, tieBreak } = scoreLabels(evidence);
  const order = judged.slice().sort((a, b) => score[b]! - score[a]! || tieBreak[b]! - tieBreak[a]! || a - b);
  return Array.from(order, (index) => ({
    index,
    file: files?.[index] ?? null,
    given: classes[labels[index]!]!,
    suggested: classes[bestOther(evidence, index)]!,
    score: score[index]!,
    probability: probability[index]!,
    disagreesFrom: sinceEpoch(along?.history.disagreesFrom[index]),
    areaUnderMargin: along?.history.areaUnderMargin[index] ?? null,
    agreement: along?.history.agreement[index] ?? null,
    forgettingEvents: along?.history.forgettingEvents[index] ?? null,
  }));
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

/** The most suspect share of the labels, `errorShare` of them, has at least this score; infinite where that is none. */
export function defaultThreshold(issues: readonly LabelIssue[], errorShare: number): number {
  return issues[Math.round(errorShare * issues.length) - 1]?.score ?? Number.POSITIVE_INFINITY;
}
