// @ts-check
// Steps of pretraining as `selfadapt pretrain` takes them, views included: how long, and the most memory so far.

import { shapesDataSet } from "../../dist/data/index.js";
import { train } from "../../dist/training/train.js";
import { memory } from "./process-memory.mjs";
import { config, serve } from "./serve.mjs";

const { objective, width, batchSize } = config;
const dataSet = shapesDataSet({ train: 4 * batchSize, test: 1, size: 32, seed: 0 });
const recipe = { objective, model: "resnet18", width, batchSize, augment: "simclr", epochs: 1000 };
const startBytes = memory("VmRSS");

/** Trains `steps` steps and stops before anything is evaluated; the first step of a sitting does not count. */
async function steps(/** @type {number} */ count) {
  /** @type {number[]} */
  const seconds = [];
  const stop = new AbortController();
  const listener = (/** @type {import("../../dist/training/index.js").TrainingEvent} */ event) => {
    if (event.type !== "step") return;
    seconds.push(event.seconds);
    if (seconds.length > count) stop.abort();
  };
  await train(/** @type {any} */ (recipe), { dataSet, listeners: [listener], signal: stop.signal });
  return { seconds: seconds.slice(1), peakBytes: memory("VmHWM") };
}

await serve({ startBytes }, steps);
