// @ts-check
// Whole training steps of the workload on our side: forward, loss, backward, update, and the loss read.

import { nn, noGrad, ops, optim, scope } from "../../dist/torch/index.js";
import { createNetwork, randomBatches, secondsOf } from "./data.mjs";

/**
 * @typedef {import("../../dist/objectives/index.js").LossObjective} Objective
 * @typedef {import("../workload.mjs").Workload} Workload
 */

/**
 * A model and its data, ready to train.
 * @param {Workload} workload
 * @param {"float32" | "bfloat16"} precision
 */
export function createTraining(workload, precision) {
  const { lr, momentum, weightDecay } = workload;
  const model = createNetwork(workload).train();
  const parameters = model.parameters();
  const optimizer = optim.sgd(parameters, { lr, momentum, weightDecay });
  const batches = randomBatches(workload);
  let next = 0;

  return {
    parameters: parameters.reduce((sum, { size }) => sum + size, 0),
    labels: batches.flatMap((batch) => [...batch.labels]),
    /** @param {Objective} objective */
    step(objective) {
      const { images, labels, index } = /** @type {typeof batches[number]} */ (batches[next++ % batches.length]);
      scope(() => {
        const logits = nn.withPrecision(precision, () => model.forward(images));
        const loss = objective.loss(logits, { labels, index, epoch: 0 });
        loss.backward();
        optimizer.step();
        optimizer.zeroGrad();
        if (!Number.isFinite(loss.item())) throw new Error("the benchmark's loss is not finite");
      });
    },
  };
}

/**
 * The time of an objective alone on a batch's logits, forward and backward, in seconds: the mean of many.
 * @param {Objective} objective
 * @param {Workload} workload
 */
export function objectiveSeconds(objective, { classes, batchSize }, repeats = 50) {
  const logits = noGrad(() => ops.zeros([batchSize, classes]).normal_());
  logits.requiresGrad = true;
  const labels = Int32Array.from({ length: batchSize }, (_, i) => i % classes);
  const index = Int32Array.from(labels.keys());
  const seconds = secondsOf(() => {
    for (let i = 0; i < repeats; i++) scope(() => objective.loss(logits, { labels, index, epoch: 0 }).backward());
  });
  logits.release();
  return seconds / repeats;
}
