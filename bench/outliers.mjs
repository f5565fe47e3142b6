// @ts-check
// `node bench/outliers.mjs --cifar DIR --runs FOLDER`: how well images of another data set are found as outliers of a run that was trained on
// them with random labels: 1% shapes among CIFAR-10, and 1% CIFAR-10 among shapes.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { randomFrom, readDataSet, shapesDataSet } from "../dist/data/index.js";
import { inspectRun } from "../dist/evaluation/index.js";
import { findIssues } from "../dist/issues/index.js";
import { areaUnderRoc, averagePrecision } from "../dist/metrics/index.js";
import { setThreads } from "../dist/torch/index.js";
import { train } from "../dist/training/index.js";
import { markdownTable, writeBlock } from "./marked-block.mjs";

/** @typedef {import("../dist/data/index.js").DataSet} DataSet */

const program = new Command("node bench/outliers.mjs")
  .requiredOption("--cifar <dir>", "CIFAR-10 in binary form")
  .requiredOption("--runs <folder>", "where the runs are, or go; finished ones are used again")
  .option("--doc <file>", "write the table into its marked block")
  .parse();
const options = program.opts();
setThreads(1);

const [samples, planted] = [5000, 50];
const recipe = /** @type {const} */ ({
  model: "resnet18",
  width: 16,
  epochs: 10,
  augment: "crop-flip",
  device: "cpu",
  seed: 0,
});

const cifar = await readDataSet(options.cifar);
const shapes = shapesDataSet({ train: samples, test: 0, size: 32, seed: 1 });
const rows = [
  ["shapes among CIFAR-10", ...(await measure("shapes-among-cifar", cifar, shapes))],
  ["CIFAR-10 among shapes", ...(await measure("cifar-among-shapes", shapes, cifar))],
];
const lines = markdownTable(
  ["1% planted", "AUROC", "average precision", "planted images flagged", "others flagged"],
  rows,
);
console.log(lines.join("\n"));
if (options.doc !== undefined) writeBlock(options.doc, "outliers", lines);

/** @param {string} name @param {DataSet} base @param {DataSet} other */
async function measure(name, base, other) {
  const out = join(options.runs, name);
  const dataSet = mixed(base, other);
  if (!existsSync(join(out, "summary.json"))) {
    await train({ ...recipe, objective: "sat", evalEvery: recipe.epochs }, { out, dataSet });
  }
  const findings = await findIssues(await inspectRun(out, { dataSet }), { types: ["outlier"] });
  const column = findings.kinds[0]?.columns[0];
  if (column === undefined) throw new Error("outliers were not searched for");
  const { scores, flags } = column;
  const isPlanted = Array.from(findings.samples, (sample) => sample >= samples);
  const flagged = isPlanted.filter((_, row) => flags[row] === 1);
  const hits = flagged.filter(Boolean).length;
  const held = isPlanted.filter(Boolean).length;
  return [
    areaUnderRoc(scores, isPlanted).toFixed(3),
    averagePrecision(scores, isPlanted).toFixed(3),
    `${hits} of ${held}`,
    `${flagged.length - hits} of ${isPlanted.length - held}`,
  ];
}

/** The first samples of one set, then those of the other with labels drawn at random. @param {DataSet} base @param {DataSet} other @returns {DataSet} */
function mixed(base, other) {
  const random = randomFrom(0, "labels of outliers");
  const [own, foreign] = [held(base), held(other)];
  const size = own.values.length / own.labels.length;
  const values = new Uint8Array((samples + planted) * size);
  values.set(own.values.subarray(0, samples * size));
  values.set(foreign.values.subarray(0, planted * size), samples * size);
  const labels = Int32Array.from({ length: samples + planted }, (_, i) =>
    i < samples ? (own.labels[i] ?? 0) : random.integer(base.classes.length),
  );
  return {
    format: base.format,
    classes: base.classes,
    train: { values, shape: own.shape, labels },
    test: null,
    notes: [],
  };
}

/** @param {DataSet} data */
function held({ train: part }) {
  if (part.kind === "streamed") throw new Error("expected images in memory");
  return part;
}
