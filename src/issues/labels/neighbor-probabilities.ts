// Class probabilities from the labels of the nearest neighbors: label errors without training.
import type { Neighbors } from "../../data/neighbors/index.js";

/** How fast a neighbor's weight falls with its distance. @see Wu et al. 2018, section 3.4 (arXiv 1805.01978) */
const temperature = 0.1;

/** A vote, shared by all classes, so that no probability is 0. */
const priorVotes = 1;

/**
 * Of each sample, from its k nearest neighbors j and their labels, its own label left out, (n, classes):
 *
 *     p_ic = (1 / K + sum_{j: y_j = c} w_ij r_j) / (1 + sum_j w_ij r_j),    w_ij = exp((cos_ij - max_j cos_ij) / 0.1)
 *
 * r_j is how far the label of j can be trusted: 1 in a first pass, then p_{j, y_j} of it. Neighbors without a label (-1) do not vote.
 */
export function neighborProbabilities(neighbors: Neighbors, labels: Int32Array, classes: number): Float32Array {
  const first = vote(neighbors, labels, classes, new Float32Array(labels.length).fill(1));
  const reliability = Float32Array.from(labels, (label, i) => (label < 0 ? 0 : first[i * classes + label]!));
  return vote(neighbors, labels, classes, reliability);
}

function vote({ k, indices, similarities }: Neighbors, labels: Int32Array, classes: number, reliability: Float32Array) {
  const probabilities = new Float32Array(labels.length * classes);
  for (let i = 0; i < labels.length; i++) {
    const row = probabilities.subarray(i * classes, (i + 1) * classes).fill(priorVotes / classes);
    let votes = priorVotes;
    for (let at = i * k; at < (i + 1) * k; at++) {
      const neighbor = indices[at]!;
      const label = neighbor < 0 ? -1 : labels[neighbor]!;
      if (label < 0) continue;
      const weight = reliability[neighbor]! * Math.exp((similarities[at]! - similarities[i * k]!) / temperature);
      row[label]! += weight;
      votes += weight;
    }
    for (let c = 0; c < classes; c++) row[c]! /= votes;
  }
  return probabilities;
}
