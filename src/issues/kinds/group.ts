// Weak groups: samples that are alike, on which the network errs more than on the others.
import { hypergeometricTail, predictions } from "../../metrics/index.js";
import { clusterRows } from "../groups/k-means.js";
import type { DataPart } from "../part.js";
import type { IssueKind, SampleGroup } from "./define-kind.js";
import { holm } from "./holm.js";

/** The chance that any group is claimed where all are alike. */
const level = 0.05;

/** How much higher the error of a weak group is than that of the others, in fractions of 1. */
const leastExcess = 0.1;

/** Smaller clusters are no groups. */
const fewest = 10;

/** About so many samples a cluster, and at most so many clusters. */
const perCluster = 100;
const mostClusters = 50;

/**
 * Clusters of features (spherical k-means, about 100 samples each, 2 to 50 clusters) with more wrong predictions than the rest, by
 * Fisher's exact test, one-sided, p corrected for the number of clusters after Holm (1979):
 *
 *     weak where p < 0.05 and error >= error of the rest + 10 points        score = 1 - p of its cluster
 *
 * Labels count as correct. Predictions are those of the final network: for the training part, which it has learned, they understate errors.
 */
export const group: IssueKind = {
  name: "group",
  title: "weak groups",
  needs: ["features", "labels", "probabilities"],
  advice: "look at what they have in common; more such samples, or cleaner labels, help",
  find({ classes, part }) {
    const { rows, wrong } = errorsOf(part, classes.length);
    const scores = new Float32Array(part.labels.length).fill(Number.NaN);
    const flags = new Uint8Array(part.labels.length);
    const groups = rows.length < 2 * fewest ? [] : testedClusters(part, rows, wrong);
    for (const cluster of groups) {
      for (const sample of cluster.samples) {
        scores[sample] = 1 - cluster.p;
        flags[sample] = Number(isWeak(cluster));
      }
    }
    const weak = groups.filter(isWeak).sort((a, b) => b.error - a.error);
    const summary =
      weak.length === 0
        ? `none among ${groups.length} clusters`
        : `${weak.length} of ${groups.length} clusters: ${weak.slice(0, 3).map(textOf).join("; ")}`;
    return { columns: [{ name: "weak_group", scores, flags }], groups: weak.map(asGroup), summary };
  },
};

interface Cluster {
  readonly samples: readonly number[];
  readonly error: number;
  readonly rest: number;
  /** Corrected for the number of clusters. */
  readonly p: number;
}

const isWeak = ({ p, error, rest }: Cluster) => p < level && error >= rest + leastExcess;

const textOf = ({ samples, error, rest }: Cluster) =>
  `${samples.length} samples with ${(100 * error).toFixed(0)}% errors, ${(100 * rest).toFixed(0)}% elsewhere`;

const asGroup = (cluster: Cluster): SampleGroup => ({
  samples: cluster.samples,
  text: textOf(cluster),
  figures: { error: cluster.error, errorOfRest: cluster.rest, p: cluster.p },
});

/** The labeled, readable samples, and which of them are predicted wrong. */
function errorsOf({ labels, probabilities, unreadable }: DataPart, classes: number) {
  const left = new Set(unreadable);
  const predicted = predictions(probabilities!, labels.length, classes);
  const rows = Int32Array.from(labels.keys()).filter((i) => labels[i]! >= 0 && !left.has(i));
  return { rows, wrong: Uint8Array.from(rows, (i) => Number(predicted[i] !== labels[i])) };
}

function testedClusters({ features }: DataPart, rows: Int32Array, wrong: Uint8Array): Cluster[] {
  const k = Math.max(2, Math.min(mostClusters, Math.round(rows.length / perCluster)));
  const clusters = clusterRows(features!, rows, k);
  const errors = wrong.reduce((sum, one) => sum + one, 0);
  const members = Array.from({ length: k }, (_, c) => Array.from(rows.keys()).filter((row) => clusters[row] === c));
  const tested = members
    .filter(({ length }) => length >= fewest && length < rows.length)
    .map((own) => {
      const hits = own.reduce((sum, row) => sum + wrong[row]!, 0);
      return {
        samples: own.map((row) => rows[row]!),
        error: hits / own.length,
        rest: (errors - hits) / (rows.length - own.length),
        p: hypergeometricTail(hits, own.length, errors, rows.length),
      };
    });
  const ps = holm(tested.map(({ p }) => p));
  return tested.map((cluster, i) => ({ ...cluster, p: ps[i]! }));
}
