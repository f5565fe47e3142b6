// Extracts features from a frozen network: the input of its last layer.
import { setImmediate } from "node:timers/promises";
import type { BatchSource } from "../../data/index.js";
import type { Network } from "../../models/index.js";
import type { Compute } from "../../runs/model/compute.js";
import { noGrad, scope } from "../../torch/index.js";

/** The network to extract features from, in evaluation mode. */
export interface Backbone {
  readonly model: Pick<Network, "embed" | "embeddingSize">;
  readonly compute: Compute["compute"];
}

/** Features and labels. */
export interface LabeledFeatures {
  /** (n, size) row-major. */
  readonly features: Float32Array;
  readonly size: number;
  readonly labels: Int32Array;
}

const batchSize = 256;

/** Features, (indices, embeddingSize) in float32, and of which samples. */
export interface SampleFeatures {
  readonly features: Float32Array;
  readonly indices: Int32Array;
}

/** The features of samples in the order of the indices, without images that cannot be decoded; yields between batches. */
export async function featuresOf(
  { model, compute }: Backbone,
  source: BatchSource,
  indices: Int32Array,
  epoch = 0,
): Promise<SampleFeatures> {
  const features = new Float32Array(indices.length * model.embeddingSize);
  const readable = new Int32Array(indices.length);
  let count = 0;
  for await (const { index, images } of source.batches({ indices, batchSize, epoch })) {
    const embed = () => model.embed(images);
    const rows = scope(() =>
      noGrad(() => compute(embed))
        .to("float32")
        .data(),
    );
    features.set(rows as Float32Array, count * model.embeddingSize);
    readable.set(index, count);
    count += index.length;
    await setImmediate();
  }
  return { features: features.subarray(0, count * model.embeddingSize), indices: readable.subarray(0, count) };
}
