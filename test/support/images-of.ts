// The network input of chosen samples, as one batch.
import type { BatchSource } from "../../src/data/index.js";
import { scope, type Tensor } from "../../src/torch/index.js";

/** The images of the samples at `index`, for the caller to release. */
export async function imagesOf(
  { batches }: Pick<BatchSource, "batches">,
  index: Int32Array,
  epoch = 0,
): Promise<Tensor> {
  for await (const batch of batches({ indices: index, batchSize: index.length, epoch, unreadable: "gray" })) {
    return scope(() => batch.images.clone());
  }
  throw new Error("expected at least one sample");
}
