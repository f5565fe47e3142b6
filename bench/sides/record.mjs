// @ts-check
// The record of every sample and training steps in turns: an answer is the seconds of a step, and of reading and noting what a
// batch's outputs say, a batch's share of writing an epoch's file included.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeFileAtomic } from "../../dist/atomic-files.js";
import { writeNpy } from "../../dist/data/index.js";
import { crossEntropy } from "../../dist/objectives/index.js";
import { emptyHistory, HISTORY_COLUMNS, recordPredictions } from "../../dist/runs/files/sample-history.js";
import { choosePrecision, ops, scope } from "../../dist/torch/index.js";
import { readPredictions } from "../../dist/training/metrics/batch-predictions.js";
import { secondsOf } from "./data.mjs";
import { config, serve } from "./serve.mjs";
import { createTraining } from "./training.mjs";

/** @type {{ workload: import("../workload.mjs").Workload, warmup: number }} */
const { workload, warmup } = config;
const { classes, batchSize } = workload;

/** An epoch of CIFAR-10. */
const SAMPLES = 50_000;
const BATCHES = SAMPLES / batchSize;

const precision = choosePrecision("auto", "cpu") === "bfloat16" ? "bfloat16" : "float32";
const training = createTraining(workload, precision);
const objective = crossEntropy();
const logits = ops.randn([batchSize, classes]);
const labels = Int32Array.from({ length: batchSize }, (_, i) => i % classes);
const index = Int32Array.from({ length: batchSize }, (_, i) => i);
const folder = mkdtempSync(join(tmpdir(), "record-"));
process.once("exit", () => rmSync(folder, { recursive: true }));

function recordEpoch() {
  const record = emptyHistory(SAMPLES);
  for (let i = 0; i < BATCHES; i++)
    scope(() => recordPredictions(record, index, readPredictions(logits, classes, labels)));
  writeFileAtomic(join(folder, "0000.npy"), writeNpy(record, [SAMPLES, HISTORY_COLUMNS]));
}

function turn() {
  const step = secondsOf(() => training.step(objective));
  return { record: secondsOf(recordEpoch) / BATCHES, step };
}

for (let i = 0; i < warmup; i++) turn();
await serve({ precision, bytes: HISTORY_COLUMNS * Float32Array.BYTES_PER_ELEMENT }, turn);
