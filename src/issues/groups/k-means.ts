// Clusters of directions: spherical k-means.
import { type Random, randomFrom } from "../../data/index.js";
import { directionsOf, meanFeature } from "../../data/neighbors/directions.js";
import type { Features } from "../../data/neighbors/types.js";
import { noGrad, scope, type Tensor, tensor } from "../../torch/index.js";

const iterations = 25;

/**
 * The cluster of each row, 0 to k - 1, by the cosine of its centered features to the clusters' mean directions, alternating 25 times; first
 * centers by k-means++ (Arthur and Vassilvitskii 2007), always the same ones. Memory: the features once more.
 */
export function clusterRows(features: Features, rows: Int32Array, k: number): Int32Array {
  return scope(() =>
    noGrad(() => {
      const directions = directionsOf(features, rows, meanFeature(features, rows));
      const random = randomFrom(rows.length, k, "clusters");
      let centers = firstCenters(directions, Math.min(k, rows.length), random);
      let clusters = nearestOf(directions, centers);
      for (let i = 0; i < iterations; i++) {
        centers = meansOf(directions, clusters, centers);
        clusters = nearestOf(directions, centers);
      }
      return clusters.to("int32").data() as Int32Array;
    }),
  );
}

const nearestOf = (directions: Tensor, centers: Tensor) =>
  directions.matmul(centers.transpose(0, 1)).argmax({ dim: 1 });

/** Rows drawn one after the other, with weights 1 - cos to the nearest one so far. */
function firstCenters(directions: Tensor, k: number, random: Random): Tensor {
  const samples = directions.shape[0] as number;
  const chosen = [random.integer(samples)];
  let distance = new Float32Array(samples).fill(Number.POSITIVE_INFINITY);
  while (chosen.length < k) {
    const center = directions.narrow(0, chosen.at(-1)!, 1);
    const cosines = directions.matmul(center.transpose(0, 1)).flatten().data() as Float32Array;
    distance = distance.map((known, i) => Math.max(0, Math.min(known, 1 - cosines[i]!)));
    chosen.push(draw(distance, random));
  }
  return directions.indexSelect(0, tensor(Int32Array.from(chosen)).to("int64"));
}

/** A position by its weight; the first where all are 0. */
function draw(weights: Float32Array, random: Random): number {
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  const position = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return Math.max(0, position);
}

/** Mean directions, at length 1; a cluster without samples stays where it is. */
function meansOf(directions: Tensor, clusters: Tensor, centers: Tensor): Tensor {
  const sums = centers.zerosLike().indexAdd(0, clusters, directions);
  const lengths = sums.square().sum([1], { keepdim: true }).sqrt();
  const known = lengths.gt(1e-12).to("float32");
  return sums.div(lengths.clampMin(1e-12)).add(centers.mul(known.neg().add(1)));
}
