// A custom method, with an option that recipes can set. It is registered for this process.
import { type Batch, defineMethod, registerMethod, shapesDataSet, toIndices, train } from "selfadapt";
import type { Tensor } from "selfadapt/torch";
import { z } from "zod";

/** Poly-1 (Leng et al. 2022, arXiv 2204.12511): mean_i( -log p_iy + epsilon (1 - p_iy) ). */
function polyLoss(logits: Tensor, { labels }: Batch, epsilon: number): Tensor {
  const given = toIndices(labels, logits.device).unsqueeze(1);
  const logP = logits.logSoftmax(1).gather(1, given);
  return logP.neg().add(logP.exp().rsub(1).mul(epsilon)).mean();
}

const poly = defineMethod({
  name: "poly",
  title: "Poly-1",
  family: "supervised",
  options: { polyEpsilon: z.number().min(0).default(1).describe("weight of 1 - p of the label") },
  create: (_context, { polyEpsilon }) => ({
    name: "poly",
    loss: (logits, batch) => polyLoss(logits, batch, polyEpsilon),
    state: () => new Map(),
    load: () => {},
  }),
});

registerMethod(poly);
const dataSet = shapesDataSet({ train: 200, test: 100, size: 16, seed: 0 });
const recipe = { objective: "poly", polyEpsilon: 2, epochs: 3, batchSize: 20, width: 4 };
const { summary } = await train(recipe, { dataSet });
console.log(`${summary?.objective}: test accuracy ${summary?.testAccuracy}`);
