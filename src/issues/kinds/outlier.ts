// Outliers: samples that are near no other, so probably of no class.
import type { Neighbors } from "../../data/neighbors/index.js";
import { quartiles } from "../quartiles.js";
import { countFlags, type IssueKind } from "./define-kind.js";

/** 1 + 1.7 quartile distances is where the score reaches 1/2. @see cleanlab's Datalab, whose default this is */
const quartileDistances = 1.7;

/**
 * Score by the mean distance to the ten nearest neighbors, d_i = mean_j (1 - cos_ij), relative to the part's own distances:
 *
 *     bound = Q3 + 1.7 (Q3 - Q1)        Q1, Q3: quartiles of all d
 *     score = 1 - 2^(-d / bound)        over 0.5 beyond the bound, where a sample is flagged
 */
export const outlier: IssueKind = {
  name: "outlier",
  title: "outliers",
  needs: ["features"],
  advice: "look at them: a sample that belongs to no class is better left out",
  async find(evidence) {
    const distances = meanDistances(await evidence.neighbors());
    const bound = distanceBound(distances);
    const scores = distances.map((distance) => (bound > 0 ? 1 - 2 ** (-distance / bound) : 0));
    const found = {
      name: "outlier",
      scores,
      flags: Uint8Array.from(distances, (distance) => Number(distance > bound)),
    };
    return { columns: [found], groups: [], summary: `${countFlags(found)} samples far from all others` };
  },
};

/** (n): mean of 1 - cos over the neighbors; NaN for a sample without any. */
function meanDistances({ k, indices, similarities }: Neighbors): Float32Array {
  return Float32Array.from({ length: indices.length / k }, (_, i) => {
    const known = similarities.subarray(i * k, (i + 1) * k).filter((_, j) => indices[i * k + j]! >= 0);
    return known.length === 0 ? Number.NaN : known.reduce((sum, cosine) => sum + 1 - cosine, 0) / known.length;
  });
}

function distanceBound(distances: Float32Array): number {
  const { q1, q3 } = quartiles(distances);
  return q3 + quartileDistances * (q3 - q1);
}
