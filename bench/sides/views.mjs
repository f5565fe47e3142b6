// @ts-check
// Our side of the views: a request is a number of units, the next images of the data as SimCLR draws them, in batches; the
// answer is their times in seconds, draws included.

import { randomFrom } from "../../dist/data/index.js";
import { viewRecipe } from "../../dist/data/views/index.js";
import { createViewInput } from "../../dist/data/views/view-input.js";
import { scope, setThreads, tensor } from "../../dist/torch/index.js";
import { secondsOf } from "./data.mjs";
import { config, serve } from "./serve.mjs";

/** @type {{ workload: import("../measurements/views.mjs").Workload, threads: number, warmup: number }} */
const { workload, threads, warmup } = config;
const { imageSize, samples, batchSize, unitImages, seed } = workload;

setThreads(threads);
const random = randomFrom(seed, "bench pixels");
const pixels = Uint8Array.from({ length: samples * 3 * imageSize ** 2 }, () => random.integer(256));
const values = tensor(pixels, { shape: [samples, 3, imageSize, imageSize] });
const { make } = createViewInput({
  normalization: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
  device: "cpu",
  dtype: "float32",
  recipe: viewRecipe("simclr", imageSize),
});

let position = 0;
function unit() {
  for (const end = position + unitImages; position < end; position += batchSize) {
    const index = Int32Array.from({ length: batchSize }, (_, i) => (position + i) % samples);
    scope(() => void make({ values, rows: index }, index, { seed, epoch: Math.floor(position / samples), view: 0 }));
  }
}

const run = (/** @type {number} */ units) => Array.from({ length: units }, () => secondsOf(unit));
run(warmup);
await serve({}, (units) => ({ seconds: run(units) }));
