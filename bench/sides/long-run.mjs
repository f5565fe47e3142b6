// @ts-check
// A long run of the real loop on a small model, evaluation included, without a run folder; its one line says what it
// held when. Epochs are short, so that the first mark comes after several of them.

import { shapesDataSet } from "../../dist/data/index.js";
import { liveTensors } from "../../dist/torch/index.js";
import { train } from "../../dist/training/train.js";
import { config, serve } from "./serve.mjs";

const { steps, every, width, batchSize } = config;
const STEPS_PER_EPOCH = 20;

const dataSet = shapesDataSet({ train: STEPS_PER_EPOCH * batchSize, test: 10 * batchSize, seed: 0 });
const recipe = {
  model: "resnet18",
  width,
  batchSize,
  objective: /** @type {const} */ ("sat"),
  startEpoch: 0,
  lr: 0.02,
};

/** @type {{ step: number, bytes: number, tensors: number }[]} */
const samples = [];
let step = 0;

/** @param {import("../../dist/training/events.js").TrainingEvent} event */
function listen(event) {
  if (event.type !== "step" || ++step % every !== 0) return;
  samples.push({ step, bytes: process.memoryUsage.rss(), tensors: liveTensors() });
}

const epochs = Math.ceil(steps / STEPS_PER_EPOCH);
await train({ ...recipe, epochs }, { dataSet, listeners: [listen] });
await serve({ samples }, () => null);
