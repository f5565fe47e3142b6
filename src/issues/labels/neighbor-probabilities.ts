// Class probabilities from the labels of the nearest neighbors: label errors without training.
import type { Neighbors } from "../../data/neighbors/index.js";

/** How fast a neighbor's weight falls with its distance. @see Wu et al. 2018, section 3.4 (arXiv 1805.01978) */
const temperature = 0.1;

/** A vote, shared by all classes, so that no probability is 0. */
const priorVotes = 1;

/**
 * Of each sample, from its k nearest neighbors j and their labels, its own label left out, (n, classes):
 *
 *     p_ic = (1 / K + sum_{j: y_j = c} w_ij r_ij) / (1 + sum_j w_ij r_ij),    w_ij = exp((cos_ij - max_j cos_ij) / 0.1)
 *
 * r_ij is how far the label of j can be trusted: 1 in a first pass, then its probability p_{j, y_j} of that pass without the vote of i.
 * Neighbors without a label (-1) do not vote.
 */
export function neighborProbabilities(neighbors: Neighbors, labels: Int32Array, classes: number): Float32Array {
  const first = votes(neighbors, labels, classes, () => 1);
  return normalized(votes(neighbors, labels, classes, (j, i) => trust(first, neighbors, labels, j, i)));
}

/** Sums over the votes, (n, classes). */
interface Votes {
  readonly sums: Float32Array;
  readonly totals: Float32Array;
}

function votes(
  { k, indices, similarities }: Neighbors,
  labels: Int32Array,
  classes: number,
  reliability: (neighbor: number, sample: number) => number,
): Votes {
  const sums = new Float32Array(labels.length * classes).fill(priorVotes / classes);
  const totals = new Float32Array(labels.length).fill(priorVotes);
  for (let at = 0; at < indices.length; at++) {
    const [i, neighbor] = [Math.floor(at / k), indices[at]!];
    const label = neighbor < 0 ? -1 : labels[neighbor]!;
    if (label < 0) continue;
    const weight = reliability(neighbor, i) * closeness(similarities, at, k);
    sums[i * classes + label]! += weight;
    totals[i]! += weight;
  }
  return { sums, totals };
}

const closeness = (similarities: Float32Array, at: number, k: number) =>
  Math.exp((similarities[at]! - similarities[at - (at % k)]!) / temperature);

/** The probability of the label of j, without the vote of i, which would be counted for the label of i otherwise. */
function trust(
  { sums, totals }: Votes,
  { k, indices, similarities }: Neighbors,
  labels: Int32Array,
  j: number,
  i: number,
) {
  const at = indices.subarray(j * k, (j + 1) * k).indexOf(i);
  const vote = at < 0 || labels[i]! < 0 ? 0 : closeness(similarities, j * k + at, k);
  const own = sums[(j * sums.length) / totals.length + labels[j]!]!;
  return (own - (labels[i] === labels[j] ? vote : 0)) / (totals[j]! - vote);
}

function normalized({ sums, totals }: Votes): Float32Array {
  const classes = sums.length / totals.length;
  return sums.map((sum, k) => sum / totals[Math.floor(k / classes)]!);
}
