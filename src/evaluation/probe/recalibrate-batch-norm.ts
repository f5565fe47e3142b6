// Recalibrates batch norm of an untrained network on data, so that its features are a fair baseline.
import { setImmediate } from "node:timers/promises";
import type { BatchSource } from "../../data/index.js";
import type { Network } from "../../models/index.js";
import type { Compute } from "../../runs/model/compute.js";
import { noGrad, scope } from "../../torch/index.js";

const batchSize = 256;
/** With batch norm's default momentum of 0.1, the initial averages count 0.9^60 = 0.2% after as many batches. */
export const recalibrationBatches = 60;

/** Runs random batches in training mode without gradients, then switches to evaluation mode. */
export async function recalibrateBatchNorm(
  { model, compute }: { readonly model: Network; readonly compute: Compute["compute"] },
  loader: BatchSource,
  indices: Int32Array,
  seed: number,
): Promise<void> {
  model.train();
  for (let batches = 0, epoch = 0; batches < recalibrationBatches; epoch++) {
    for await (const { images } of loader.batches({ indices, batchSize, epoch, shuffleSeed: seed })) {
      scope(() => noGrad(() => compute(() => model.embed(images))));
      await setImmediate();
      if (++batches === recalibrationBatches) break;
    }
  }
  model.eval();
}
