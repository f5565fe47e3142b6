// Extracts features from a frozen network: the input of its last layer.
import { setImmediate } from "node:timers/promises";
import type { BatchSource } from "../../data/index.js";
import type { Network } from "../../models/index.js";
import type { Compute } from "../../runs/model/compute.js";
import { distributed, noGrad, scope } from "../../torch/index.js";

/** The network to extract features from, in evaluation mode. */
export interface Backbone {
  readonly model: Pick<Network, "embed" | "embeddingSize">;
  readonly compute: Compute["compute"];
  /** The ranks that extract together, each the features of a block; all get those of all (default: this process). */
  readonly group?: distributed.ProcessGroup | undefined;
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
  { model, compute, group = distributed.soloGroup }: Backbone,
  source: BatchSource,
  all: Int32Array,
  epoch = 0,
): Promise<SampleFeatures> {
  const indices = distributed.blockOf(all, group);
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
  return {
    features: await distributed.gatherValues(group, features.subarray(0, count * model.embeddingSize)),
    indices: await distributed.gatherValues(group, readable.subarray(0, count)),
  };
}
