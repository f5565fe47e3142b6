// @ts-check
// Whole training steps of the workload on our side: forward, loss, backward, update, and the loss read.

import { randomFrom } from "../../dist/data/index.js";
import { createModel } from "../../dist/models/index.js";
import { keep, manualSeed, nn, noGrad, ops, optim, scope } from "../../dist/torch/index.js";

/**
 * @typedef {import("../../dist/objectives/index.js").Objective} Objective
 * @typedef {import("../workload.mjs").workload} Workload
 */

/**
 * Normalised random images in the layout that training uses, with labels and positions in the data set.
 * @param {Workload} workload
 */
function randomBatches({ classes, imageSize, batchSize, batches, seed }) {
  const random = randomFrom(seed, "bench");
  return Array.from({ length: batches }, (_, batch) => ({
    images: keep(
      scope(() =>
        ops.zeros([batchSize, 3, imageSize, imageSize]).normal_().contiguous({ memoryFormat: "channels_last" }),
      ),
    ),
    labels: Int32Array.from({ length: batchSize }, () => random.integer(classes)),
    index: Int32Array.from({ length: batchSize }, (_, i) => batch * batchSize + i),
  }));
}

/**
 * A model and its data, ready to train; `seconds` makes one step and tells how long it took.
 * @param {Workload} workload
 * @param {"float32" | "bfloat16"} precision
 */
export function createTraining(workload, precision) {
  manualSeed(workload.seed);
  const { classes, width, imageSize, lr, momentum, weightDecay } = workload;
  const model = createModel("resnet18", { classes, width, imageSize }).to("channels_last").train();
  const parameters = model.parameters();
  const optimizer = optim.sgd(parameters, { lr, momentum, weightDecay });
  const batches = randomBatches(workload);
  let next = 0;

  /** @param {Objective} objective */
  function step(objective) {
    const { images, labels, index } = /** @type {typeof batches[number]} */ (batches[next++ % batches.length]);
    scope(() => {
      const logits = nn.withPrecision(precision, () => model.forward(images));
      const loss = objective.loss(logits, { labels, index, epoch: 0 });
      loss.backward();
      optimizer.step();
      optimizer.zeroGrad();
      if (!Number.isFinite(loss.item())) throw new Error("the benchmark's loss is not finite");
    });
  }

  return {
    parameters: parameters.reduce((sum, { size }) => sum + size, 0),
    labels: batches.flatMap((batch) => [...batch.labels]),
    /** @param {Objective} objective */
    seconds(objective) {
      const began = performance.now();
      step(objective);
      return (performance.now() - began) / 1000;
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
  const began = performance.now();
  for (let i = 0; i < repeats; i++) scope(() => objective.loss(logits, { labels, index, epoch: 0 }).backward());
  const seconds = (performance.now() - began) / 1000 / repeats;
  logits.release();
  return seconds;
}
