// The classes that targeted attacks lead to, from the likeliest wrong one down.
import { scope, type Tensor } from "../../torch/index.js";
import type { AttackBatch, Classifier } from "../types.js";
import { answer } from "./gradient.js";

/** The classes that are not each sample's label, (n, classes - 1) int64, those of the largest logits first. */
export function wrongClasses(model: Classifier, { images, labels }: AttackBatch): Tensor {
  return scope(() => {
    const logits = answer(model, images);
    const labelsLast = logits.scatter(1, labels.unsqueeze(1), Number.NEGATIVE_INFINITY);
    const order = labelsLast.sort({ stable: true, dim: 1, descending: true })[1];
    return order.narrow(1, 0, (logits.shape[1] as number) - 1);
  });
}
