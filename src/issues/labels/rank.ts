// Ranks every label, each with the probability that it is wrong.
import type { LabelIssue } from "../findings.js";
import type { NoiseRate } from "./rate/noise-rate.js";
import type { Evidence, Scores } from "./score.js";
import { concentration, verdictsOf } from "./verdict.js";

/** The names of the samples and classes. */
export interface Names {
  readonly classes: readonly string[];
  /** Each sample's file, for data of files. */
  readonly files?: readonly string[] | undefined;
}

/**
 * The labels of `samples`, the most likely errors first: by odds, then by the tie-break, then by position. The mean of `pWrong`
 * is the estimate.
 *
 * The suggested label is the most probable class other than the given one.
 */
export function rankIssues(
  evidence: Evidence,
  samples: Int32Array,
  { odds, probability, tieBreak }: Scores,
  rate: EstimatedRate,
  { classes, files }: Names,
): LabelIssue[] {
  const { labels, run, far } = evidence;
  const suggested = samples.map((index) => bestOther(evidence, index));
  const pWrong = wrongProbabilities(odds, rate);
  const verdicts = verdictsOf({
    odds,
    pWrong,
    isFar: Array.from(samples, (index) => far.has(index)),
    concentration: run && Float64Array.from(samples, (index, row) => concentrationOf(evidence, index, suggested[row]!)),
  });
  const order = Int32Array.from(samples.keys()).sort(
    (a, b) => odds[b]! - odds[a]! || tieBreak[b]! - tieBreak[a]! || samples[a]! - samples[b]!,
  );
  return Array.from(order, (row) => {
    const index = samples[row]!;
    return {
      index,
      file: files?.[index] ?? null,
      given: classes[labels[index]!]!,
      suggested: classes[suggested[row]!]!,
      score: sigmoid(odds[row]!),
      pWrong: pWrong[row]!,
      verdict: verdicts[row]!,
      probability: probability[row]!,
      disagreesFrom: sinceEpoch(run?.history.disagreesFrom[index]),
      areaUnderMargin: run?.history.areaUnderMargin[index] ?? null,
      agreement: run?.history.agreement[index] ?? null,
      forgettingEvents: run?.history.forgettingEvents[index] ?? null,
    };
  });
}

const sinceEpoch = (epoch = -1) => (epoch < 0 ? null : epoch);

function concentrationOf({ labels, classes, probabilities }: Evidence, index: number, suggested: number): number {
  const row = probabilities.subarray(index * classes, (index + 1) * classes);
  return concentration(row[labels[index]!]!, row[suggested] ?? 0);
}

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

/** The fraction of wrong labels, and what it comes from. */
type EstimatedRate = Pick<NoiseRate, "estimate" | "method">;

/**
 * How fast P(wrong) rises with the odds: those of a network so weak that its rate is by confusions are too certain. The 3 was chosen on other runs
 * than those of the first table of docs/label-issues.md, the 2 on some of these.
 */
const slopeOf = ({ method }: EstimatedRate) => (method === "held-out confusions" ? 2 : 3);

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/**
 * P(label i is wrong) = 1 / (1 + exp(-(k x_i + b))), k = 3 (2 for a weak network), b such that the mean is the estimate; all 0 for an estimate of 0.
 *
 * odds (n), see `relativeOdds` -> (n) within [0, 1].
 */
export function wrongProbabilities(odds: Float64Array, rate: EstimatedRate): Float64Array {
  if (rate.estimate <= 0 || odds.length === 0) return new Float64Array(odds.length);
  const slope = slopeOf(rate);
  const offset = offsetFor(odds, rate.estimate, slope);
  return odds.map((x) => sigmoid(slope * x + offset));
}

/** By bisection: the mean rises with the offset. */
function offsetFor(odds: Float64Array, rate: number, slope: number): number {
  let [low, high] = [-100, 100];
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    const mean = odds.reduce((sum, x) => sum + sigmoid(slope * x + middle), 0) / odds.length;
    if (mean < rate) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
