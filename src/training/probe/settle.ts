// Batch norm of a network that has not been trained: its averages are measured on data, so that its features are a fair rival.
import { setImmediate } from "node:timers/promises";
import { batchBounds, type Loader, randomFrom } from "../../data/index.js";
import type { Network } from "../../models/index.js";
import { noGrad, scope } from "../../torch/index.js";
import type { Machine } from "../machine.js";

const batchSize = 256;
/** With batch norm's usual momentum of 0.1, what was there before counts 0.9^60 = 0.2% after as many batches. */
export const settlingBatches = 60;

/** Shows the network random batches in training mode, without a gradient; then it is in evaluation mode. */
export async function settleBatchNorm(
  { model, compute }: { readonly model: Network; readonly compute: Machine["compute"] },
  loader: Loader,
  indices: Int32Array,
  seed: number,
): Promise<void> {
  const random = randomFrom(seed, "settling batch norm");
  const bounds = batchBounds(indices.length, batchSize);
  let order = indices;
  model.train();
  for (let batch = 0; batch < settlingBatches; batch++) {
    const [start, end] = bounds[batch % bounds.length] as [number, number];
    if (start === 0) order = random.permutation(indices.length).map((place) => indices[place] as number);
    scope(() => noGrad(() => compute(() => model.embed(loader.batch(order.subarray(start, end))))));
    await setImmediate();
  }
  model.eval();
}
