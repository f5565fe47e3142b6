// Outliers: samples that are near no other, so probably of no class.
import type { Neighbors } from "../../data/neighbors/index.js";
import { predictions } from "../../metrics/index.js";
import type { DataPart } from "../part.js";
import { quartiles } from "../quartiles.js";
import { classDistances } from "./class-distances.js";
import { countFlags, type IssueKind } from "./define-kind.js";

/** 1 + 1.7 quartile distances is where the score reaches 1/2. @see cleanlab's Datalab, whose default this is */
const quartileDistances = 1.7;

/**
 * Score by the distance to the ten nearest neighbors and that to the nearest class, relative to the part's own:
 *
 *     d_i = mean_j (1 - cos_ij)         over the neighbors
 *     m_i                               squared Mahalanobis distance to the nearest mean of a predicted class
 *     x_i = sqrt(d_i m_i)
 *     bound = Q3 + 1.7 (Q3 - Q1)        Q1, Q3: quartiles of all x
 *     score = 1 - 2^(-x / bound)        over 0.5 beyond the bound, where a sample is flagged
 *
 * Several outliers that are alike are neighbors of each other, but near no class.
 */
export const outlier: IssueKind = {
  name: "outlier",
  title: "outliers",
  needs: ["features"],
  advice: "look at them: a sample that belongs to no class is better left out",
  async find(evidence) {
    const { part, classes } = evidence;
    const near = meanDistances(await evidence.neighbors());
    const toClass = await classDistances(part.features!, classesOf(part, classes.length), part.unreadable);
    const distances = near.map((distance, i) => Math.sqrt(Math.max(0, distance) * toClass[i]!));
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

/** The predicted classes, or the given labels where there are no predictions. */
const classesOf = ({ probabilities, labels }: DataPart, classes: number): Int32Array =>
  probabilities === null ? labels : Int32Array.from(predictions(probabilities, labels.length, classes));

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
