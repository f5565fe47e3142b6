// @ts-check
// `node bench/neighbor-labels.mjs --runs FOLDER --cifar DIR`: wrong labels found by a run, and by the nearest neighbors of features alone, on
// the runs of noise-rate.mjs: neighbors by pixels, by the run's own features, and by those of another encoder.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { readDataSet, readFloatRows, samplesAt, shapesDataSet } from "../dist/data/index.js";
import { inspectRun } from "../dist/evaluation/index.js";
import { findIssues, findIssuesByFeatures } from "../dist/issues/index.js";
import { areaUnderRoc, averagePrecision } from "../dist/metrics/index.js";
import { setThreads } from "../dist/torch/index.js";
import { markdownTable, writeBlock } from "./marked-block.mjs";

/** @typedef {import("../dist/issues/index.js").Findings} Findings */
/** @typedef {import("../dist/issues/index.js").RunInspection} RunInspection */

const program = new Command("node bench/neighbor-labels.mjs")
  .requiredOption("--runs <folder>", "runs of noise-rate.mjs")
  .requiredOption("--cifar <dir>", "CIFAR-10 in binary form")
  .option("--encoder <file>", "features of the first 10,000 images by another encoder (.npy)")
  .option("--doc <file>", "write the table into its marked block")
  .parse();
const options = program.opts();
setThreads(1);

/** Names of runs, their noise and augmentation. */
const cells = {
  "c-symmetric04-crop-flip-302": "CIFAR-10, symmetric:0.4, crop-flip",
  "c-symmetric04-none-308": "CIFAR-10, symmetric:0.4",
  "c-pair02-none-316": "CIFAR-10, pair:0.2",
  "c-instance04-none-303": "CIFAR-10, instance:0.4",
  "s-symmetric04-crop-flip-105": "shapes, symmetric:0.4, crop-flip",
  "s-symmetric04-none-201": "shapes, symmetric:0.4",
  "s-pair02-crop-flip-227": "shapes, pair:0.2, crop-flip",
  "s-instance02-crop-flip-226": "shapes, instance:0.2, crop-flip",
};

const encoder = options.encoder === undefined ? null : await readFloatRows(options.encoder, 1, "(samples, size)");
const rows = [];
for (const [name, title] of Object.entries(cells)) {
  const run = join(options.runs, name);
  if (existsSync(join(run, "summary.json"))) rows.push([title, ...(await measure(run, await dataOf(name)))]);
}
const lines = markdownTable(
  [
    "data, noise, augmentation",
    "`issues RUN`",
    "neighbors by pixels",
    "by the run's features",
    ...(encoder === null ? [] : ["by the encoder"]),
  ],
  rows,
);
console.log(lines.join("\n"));
if (options.doc !== undefined) writeBlock(options.doc, "neighbors", lines);

/** As noise-rate.mjs has it. @param {string} name */
async function dataOf(name) {
  if (name.startsWith("s-"))
    return shapesDataSet({ train: 3000, test: 200, size: 16, seed: Number(name.split("-").at(-1)) });
  const all = await readDataSet(options.cifar);
  const first = (/** @type {number} */ count) => Int32Array.from({ length: count }, (_, i) => i);
  return { ...all, train: samplesAt(all.train, first(10_000)), test: all.test && samplesAt(all.test, first(500)) };
}

/** AUROC and average precision of each way, over the samples that the run was trained on. @param {string} run @param {import("../dist/data/index.js").DataSet} dataSet */
async function measure(run, dataSet) {
  const inspection = await inspectRun(run, { dataSet });
  const { train, features, featureSize } = inspection;
  if (train.kind === "streamed") throw new Error("expected images in memory");
  const size = train.values.length / train.labels.length;
  const ways = [
    await findIssues(inspection, { types: [] }),
    await byNeighbors(inspection, Float32Array.from(train.values), size),
    await byNeighbors(inspection, features, featureSize),
    ...(encoder?.rows === train.labels.length
      ? [await byNeighbors(inspection, Float32Array.from(encoder.values), encoder.columns)]
      : []),
  ];
  return ways.map((findings) => figures(inspection, findings));
}

/** @param {RunInspection} inspection @param {Float32Array} values @param {number} size */
function byNeighbors({ train, classes }, values, size) {
  return findIssuesByFeatures({ features: { values, size }, labels: train.labels, classes, types: [] });
}

/** @param {RunInspection} inspection @param {Findings} findings */
function figures({ train, cleanLabels, trainIndices }, { issues }) {
  const trained = new Set(trainIndices);
  const ranked = issues.filter(({ index }) => trained.has(index));
  const scores = ranked.map(({ score }) => score);
  const wrong = ranked.map(({ index }) => train.labels[index] !== cleanLabels?.[index]);
  return `${areaUnderRoc(scores, wrong).toFixed(3)}, ${averagePrecision(scores, wrong).toFixed(3)}`;
}
