// Weighted k-nearest-neighbor classification on features.
import { ops, scope, type Tensor, tensor } from "../../torch/index.js";
import type { LabeledFeatures } from "./features.js";

export interface NeighborOptions {
  readonly classes: number;
  /** The number of neighbors. */
  readonly k?: number;
  /** Temperature of the votes: lower values favor the nearest. */
  readonly temperature?: number;
  readonly device?: string;
}

/** Similarities in memory at once: 64 MB of them. */
const maxSimilarities = 1 << 24;

/** Keeps the division finite where a row is zero, which is then like nothing. */
const leastNorm = 1e-12;

/** (n, size) on the device, rows at length 1. */
function unitRows(features: Float32Array, size: number, device: string): Tensor {
  const rows = tensor(features, { shape: [features.length / size, size] }).to(device);
  return rows.div(ops.linalgVectorNorm(rows, { dim: [1], keepdim: true }).clampMin(leastNorm));
}

/**
 * The class of each query by a weighted vote of its k nearest labeled samples, by cosine: (queries, size) -> (queries).
 *
 * prediction = argmax_c sum over the k nearest i with y_i = c of exp(cos(x, x_i) / temperature)
 *
 * Ties between neighbors and between classes are broken by order. Memory: the features, and 64 MB of
 * similarities.
 * @see Wu et al. 2018, section 3.4 (arXiv 1805.01978)
 */
export function nearestNeighbors(
  { features, size, labels }: LabeledFeatures,
  queries: Float32Array,
  { classes, k = 200, temperature = 0.1, device = "cpu" }: NeighborOptions,
): Int32Array {
  const count = Math.min(k, labels.length);
  const rows = Math.max(1, Math.floor(maxSimilarities / labels.length));
  const predictions = new Int32Array(queries.length / size);
  scope(() => {
    const bank = unitRows(features, size, device).t();
    for (let start = 0; start < predictions.length; start += rows) {
      const chunk = queries.subarray(start * size, (start + rows) * size);
      const nearest = scope(() => neighborsOf(unitRows(chunk, size, device).matmul(bank), count));
      nearest.forEach((neighbors, i) => {
        predictions[start + i] = vote(neighbors, labels, classes, temperature);
      });
    }
  });
  return predictions;
}

interface Neighbor {
  readonly sample: number;
  readonly similarity: number;
}

/** The `count` largest of each row. One more is requested to detect ties at the cut. */
function neighborsOf(similarities: Tensor, count: number): Neighbor[][] {
  const [queries, samples] = similarities.shape as [number, number];
  const requested = Math.min(count + 1, samples);
  const [values, indices] = similarities.topk(requested);
  const [similarity, sample] = [values.data(), indices.data()] as [Float32Array, BigInt64Array];
  return Array.from({ length: queries }, (_, query) => {
    const at = query * requested;
    const cut = requested > count && similarity[at + count - 1] === similarity[at + count];
    if (cut) return firstOfEquals(similarities.select(0, query).data() as Float32Array, count);
    return Array.from({ length: count }, (_, i) => ({
      sample: Number(sample[at + i]),
      similarity: similarity[at + i] as number,
    }));
  });
}

/** The `count` largest of a row, the first ones in a tie. */
function firstOfEquals(row: Float32Array, count: number): Neighbor[] {
  const all = Array.from(row, (similarity, sample) => ({ sample, similarity }));
  return all.sort((a, b) => b.similarity - a.similarity || a.sample - b.sample).slice(0, count);
}

/** The first class with the most votes; they are counted relative to the nearest one's, so that none overflows. */
function vote(neighbors: readonly Neighbor[], labels: Int32Array, classes: number, temperature: number): number {
  const votes = new Float64Array(classes);
  const nearest = Math.max(...neighbors.map(({ similarity }) => similarity));
  for (const { sample, similarity } of neighbors) {
    const label = labels[sample] as number;
    votes[label] = (votes[label] as number) + Math.exp((similarity - nearest) / temperature);
  }
  return votes.indexOf(Math.max(...votes));
}
