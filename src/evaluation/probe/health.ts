// The health of an embedding (collapse, rank, uniformity, alignment), on a sample of the data.
import { type Loader, randomFrom } from "../../data/index.js";
import { InputError } from "../../errors.js";
import { alignment, effectiveRank, embeddingDeviation, uniformity, unitRows } from "../../metrics/index.js";
import { scope, tensor } from "../../torch/index.js";
import { rawOperator } from "../../torch/unsafe.js";
import { type Backbone, featuresOf } from "./features.js";

export interface EmbeddingHealth {
  /** Of the normalized embedding, averaged over its dimensions; an even one has `evenDeviation`, a collapsed one 0. */
  readonly deviation: number;
  /** 1 / sqrt(size) */
  readonly evenDeviation: number;
  /** Of the normalized embedding, not centered; at most the lesser of `size` and `samples`. */
  readonly effectiveRank: number;
  readonly uniformity: number;
  /** Of two random crops and mirror images of each sample; null unless the samples are images. */
  readonly alignment: number | null;
  readonly size: number;
  readonly samples: number;
}

/** The cost is quadratic, so at most this many samples are used. */
const maxSamples = 2048;

const eigenvalues = rawOperator("aten::linalg_eigvalsh", "");

/**
 * The singular values of a matrix (rows, size), `size` of them, largest first: the roots of the eigenvalues of X'X in float64,
 * which knows them to 1e-8 of the largest.
 */
export function singularValues(matrix: ArrayLike<number>, size: number): Float64Array {
  const squares = scope(() => {
    const rows = tensor(Float64Array.from(matrix), { shape: [matrix.length / size, size] });
    return (eigenvalues(rows.t().matmul(rows)) as typeof rows).data() as Float64Array;
  });
  return squares.map((square) => Math.sqrt(Math.max(square, 0))).reverse();
}

/** The figures of embeddings, (samples, size), and of those of two views of the same samples where there are some. */
export function healthOf(
  embeddings: Float32Array,
  samples: number,
  views: readonly [Float32Array, Float32Array] | null,
): EmbeddingHealth {
  if (samples < 2)
    throw new InputError(`the features of ${samples} test sample cannot be evaluated; expected two or more`);
  const size = embeddings.length / samples;
  return {
    deviation: embeddingDeviation(embeddings, samples),
    evenDeviation: 1 / Math.sqrt(size),
    effectiveRank: effectiveRank(singularValues(unitRows(embeddings, samples), size)),
    uniformity: uniformity(embeddings, samples),
    alignment: views === null ? null : alignment(...views, samples),
    size,
    samples,
  };
}

/** The health of a network's features, on at most 2,048 of these samples, drawn by the seed. */
export async function embeddingHealth(
  backbone: Backbone,
  loader: Loader,
  indices: Int32Array,
  { seed, isImages }: { readonly seed: number; readonly isImages: boolean },
): Promise<EmbeddingHealth> {
  const drawn = randomFrom(seed, "embedding health").sample(indices.length, Math.min(indices.length, maxSamples));
  const chosen = drawn.map((position) => indices[position] as number);
  const views = isImages ? await viewsOf(backbone, loader, chosen, seed) : null;
  const { features, indices: embedded } = await featuresOf(backbone, loader, chosen);
  return healthOf(features, embedded.length, views);
}

/** Features of two crops of the same images. */
async function viewsOf(backbone: Backbone, loader: Loader, chosen: Int32Array, seed: number) {
  const crops = loader.augmented({ augment: "crop-flip", seed });
  const viewOf = async (epoch: number) => (await featuresOf(backbone, crops, chosen, epoch)).features;
  return [await viewOf(0), await viewOf(1)] as const;
}
