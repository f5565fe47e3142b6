// Weights of classes in the loss of any objective that is a mean of losses of single samples.
import { type Tensor, tensor } from "../torch/index.js";
import { extended } from "./extended.js";
import { toIndices } from "./indices.js";
import type { LossObjective } from "./types.js";

/**
 * An objective whose gradient is that of sum_i w_{y_i} l_i / n, with l_i the loss of sample i, y_i its given label and n the
 * size of the batch, as by Keras's `class_weight`: the gradient of each row of outputs is multiplied by the weight of the
 * row's class. The value of the loss stays unweighted.
 * @param weights w, a number for each class
 */
export function weighClasses(objective: LossObjective, weights: readonly number[]): LossObjective {
  return extended(objective, {
    loss(outputs: Tensor, batch) {
      const { device, dtype } = outputs;
      const ofClasses = tensor([...weights], { device, dtype });
      const ofRows = ofClasses.indexSelect(0, toIndices(batch.labels, device)).unsqueeze(1);
      const constant = outputs.detach();
      // Equal to the outputs: what is multiplied is zero, but not its gradient.
      return objective.loss(constant.add(outputs.sub(constant).mul(ofRows)), batch);
    },
  });
}
