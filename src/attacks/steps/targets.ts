// The classes that targeted attacks aim at, the likeliest wrong one first.
import { scope, type Tensor } from "../../torch/index.js";
import type { AttackBatch, Classifier } from "../types.js";
import { logitsOf } from "./gradient.js";

/** The classes other than each sample's label, (n, classes - 1) int64, in descending order of their logits. */
export function wrongClasses(model: Classifier, { images, labels }: AttackBatch): Tensor {
  return scope(() => {
    const logits = logitsOf(model, images);
    const labelsLast = logits.scatter(1, labels.unsqueeze(1), Number.NEGATIVE_INFINITY);
    const order = labelsLast.sort({ stable: true, dim: 1, descending: true })[1];
    return order.narrow(1, 0, (logits.shape[1] as number) - 1);
  });
}
