// @ts-check
// The data of our sides.

import { randomFrom } from "../../dist/data/index.js";
import { createModel, hasOption } from "../../dist/models/index.js";
import { keep, manualSeed, ops, scope } from "../../dist/torch/index.js";

/** @typedef {import("../workload.mjs").Workload} Workload */

/** The workload's network, always the same one, in the layout that training uses. */
export function createNetwork(/** @type {Workload} */ { model, classes, width, imageSize, seed }) {
  manualSeed(seed);
  return createModel(model, { classes, imageSize, ...(hasOption(model, "width") && { width }) }).to("channels_last");
}

/** @typedef {ReturnType<typeof randomBatches>[number]} Batch */

/**
 * Normalized random images in the layout that training uses, with labels and positions in the data set.
 * @param {Workload} workload
 */
export function randomBatches({ classes, imageSize, batchSize, batches, seed }) {
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
 * The time that `body` takes, in seconds.
 * @param {() => void} body
 */
export function secondsOf(body) {
  const began = performance.now();
  body();
  return (performance.now() - began) / 1000;
}
