// Plain cross entropy with the given labels.

import { fullPrecision } from "../torch/full-precision.js";
import type { Tensor } from "../torch/index.js";
import { ops } from "../torch/index.js";
import { toIndices } from "./indices.js";
import type { Batch, LossObjective } from "./types.js";

/** log x, with x clamped to the smallest normal float32: log 0 is avoided. */
export function flooredLog(values: Tensor): Tensor {
  return values.clampMin(1.2e-38).log();
}

/** The classes' logits of a network that puts out more: its first columns. */
export function classLogits(outputs: Tensor, classes: number): Tensor {
  return outputs.narrow(1, 0, classes);
}

/** loss = mean_i( -log softmax(z_i)_{y_i} ), logits z (n, classes). */
export function crossEntropyLoss(logits: Tensor, labels: Batch["labels"]): Tensor {
  return ops.nllLoss(fullPrecision(logits).logSoftmax(1), toIndices(labels, logits.device));
}

/** The objective `ce`: empirical risk minimization, which self-adaptive training is measured against. */
export function crossEntropy(): LossObjective {
  return {
    name: "ce",
    loss: (logits, { labels }) => crossEntropyLoss(logits, labels),
    state: () => new Map(),
    load: () => {},
  };
}
