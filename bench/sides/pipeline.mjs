// @ts-check
// A loader's batches and training steps in turns: an answer is the time of a batch (the mean over one epoch, its order and
// its draws included) and of a step, in seconds.

import { createLoader, randomFrom } from "../../dist/data/index.js";
import { selfAdaptive } from "../../dist/objectives/index.js";
import { choosePrecision } from "../../dist/torch/index.js";
import { secondsOf } from "./data.mjs";
import { config, serve } from "./serve.mjs";
import { createTraining } from "./training.mjs";

/** @type {{ workload: import("../workload.mjs").Workload, warmup: number }} */
const { workload, warmup } = config;
const { classes, imageSize, batchSize, seed } = workload;

/** A hundred batches of CIFAR's images: far more than caches hold. */
const SAMPLES = 100 * batchSize;
const shape = [3, imageSize, imageSize];
const random = randomFrom(seed, "bench pixels");
const loader = createLoader({
  samples: {
    values: Uint8Array.from({ length: SAMPLES * 3 * imageSize ** 2 }, () => random.integer(256)),
    shape,
    labels: new Int32Array(SAMPLES),
  },
  normalization: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
  device: "cpu",
  dtype: "float32",
});
const source = loader.augmented({ augment: "crop-flip", seed });

const precision = choosePrecision("auto", "cpu") === "bfloat16" ? "bfloat16" : "float32";
const training = createTraining(workload, precision);
const objective = selfAdaptive({ labels: training.labels, classes, startEpoch: 0 });

/** @returns {Promise<number>} seconds */
async function prepareEpoch(/** @type {number} */ epoch) {
  const began = performance.now();
  for await (const batch of source.batches({ batchSize, epoch, shuffleSeed: seed })) void batch.images;
  return (performance.now() - began) / 1000;
}

async function turn(/** @type {number} */ epoch) {
  const step = secondsOf(() => training.step(objective));
  return { batch: (await prepareEpoch(epoch)) / (SAMPLES / batchSize), step };
}

for (let i = 0; i < warmup; i++) await turn(i);
await serve({ precision }, turn);
