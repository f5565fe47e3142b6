// A custom loss: pass an object with `loss(outputs, batch)` to `train`.
import { type Batch, shapesDataSet, toIndices, train } from "selfadapt";
import { ops, type Tensor } from "selfadapt/torch";

const dataSet = shapesDataSet({ train: 200, test: 100, size: 16, seed: 0 });

/** Squared error of the probabilities: mean_i sum_j (p_ij - [j = y_i])^2. */
function brier(logits: Tensor, { labels }: Batch): Tensor {
  const given = ops.oneHot(toIndices(labels, logits.device), { numClasses: dataSet.classes.length });
  return logits.softmax(1).sub(given).square().sum([1]).mean();
}

const recipe = { epochs: 3, batchSize: 20, width: 4, precision: "fp32" } as const;
const { summary } = await train(recipe, { objective: { loss: brier }, dataSet, out: "runs/brier" });
console.log(`test accuracy ${summary?.testAccuracy}`);
