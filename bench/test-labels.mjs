// @ts-check
// `node bench/test-labels.mjs --cifar DIR --clean RUN --noisy RUN --folds FOLDER`: how well wrong labels of a test set are found by a run that never saw it, on
// clean and on noisy training labels, compared with confident learning on cross-validated probabilities of the test set itself.

import { Command } from "commander";
import { randomFrom, readDataSet, samplesAt } from "../dist/data/index.js";
import { inspectRun } from "../dist/evaluation/index.js";
import { percent } from "../dist/format.js";
import { findIssues, findIssuesByProbabilities } from "../dist/issues/index.js";
import { areaUnderRoc, averagePrecision } from "../dist/metrics/index.js";
import { readRunRecipe } from "../dist/runs/index.js";
import { prepare } from "../dist/runs/prepare.js";
import { setThreads } from "../dist/torch/index.js";
import { crossValidate } from "../dist/training/index.js";
import { markdownTable, writeBlock } from "./marked-block.mjs";

/** @typedef {import("../dist/issues/index.js").Findings} Findings */

const program = new Command("node bench/test-labels.mjs")
  .requiredOption("--cifar <dir>", "CIFAR-10 in binary form")
  .requiredOption("--clean <run>", "run on clean training labels, with its data as noise-rate.mjs has it")
  .requiredOption("--noisy <run>", "the same with 40% symmetric noise")
  .requiredOption("--folds <folder>", "where the runs of the folds are, or go")
  .option("--doc <file>", "write the table into its marked block")
  .parse();
const options = program.opts();
setThreads(1);

const recipe = /** @type {const} */ ({
  model: "resnet18",
  width: 16,
  epochs: 15,
  augment: "crop-flip",
  device: "cpu",
  seed: 0,
});
const flipped = 0.03;
const folds = 3;

const all = await readDataSet(options.cifar);
if (all.test === null) throw new Error(`${options.cifar} has no test set`);
const test = all.test;
/** The first samples, as noise-rate.mjs trains on them. @param {typeof test} samples @param {number} count */
const first = (samples, count) =>
  samplesAt(
    samples,
    Int32Array.from({ length: count }, (_, i) => i),
  );
const dataSet = { ...all, train: first(all.train, 10_000), test: first(test, 500) };

const inspections = {
  "one run, clean training labels": await inspected(options.clean),
  "one run, 40% symmetric noise": await inspected(options.noisy),
};
const { labels, atRandom } = flip();
const wrong = Array.from(labels, (label, i) => label !== test.labels[i]);
const rows = [];
for (const [name, inspection] of Object.entries(inspections)) {
  const samples = { ...test, labels };
  const own = { .../** @type {NonNullable<typeof inspection.test>} */ (inspection.test), labels, samples };
  rows.push([name, "1", ...figures(await findIssues({ ...inspection, test: own }, { part: "test", types: [] }))]);
}
rows.push([`${folds}-fold cross-validation on the test set`, String(folds), ...figures(await crossValidated())]);
const lines = markdownTable(
  [
    "predictions by",
    "trainings",
    "average precision",
    "AUROC",
    "of random flips",
    "of flips to the next class",
    "wrong among the top 300",
    "estimate (true: 3%)",
  ],
  rows,
);
console.log(lines.join("\n"));
if (options.doc !== undefined) writeBlock(options.doc, "test labels", lines);

/** With all test images. @param {string} run */
async function inspected(run) {
  const prepared = await prepare(readRunRecipe(run).recipe, dataSet);
  return inspectRun(run, { prepared: { ...prepared, test } });
}

/** 1.5% of the labels become another class at random, 1.5% the next class. */
function flip() {
  const labels = test.labels.slice();
  const random = randomFrom(0, "flipped test labels");
  const chosen = random.sample(labels.length, flipped * labels.length);
  const atRandom = new Set(chosen.filter((_, k) => k % 2 === 0));
  for (const i of chosen) {
    const shift = atRandom.has(i) ? 1 + random.integer(all.classes.length - 1) : 1;
    labels[i] = ((labels[i] ?? 0) + shift) % all.classes.length;
  }
  return { labels, atRandom };
}

async function crossValidated() {
  const own = { ...all, train: { ...test, labels }, test: null };
  const found = await crossValidate({ ...recipe, objective: "ce" }, { folds, runs: options.folds, dataSet: own });
  if (found === null) throw new Error("stopped");
  return findIssuesByProbabilities({ probabilities: found.probabilities, labels, classes: all.classes });
}

/** @param {Findings} findings */
function figures({ issues, noiseRate: { estimate, low, high } }) {
  const scores = issues.map(({ score }) => score);
  const hits = issues.map(({ index }) => wrong[index] === true);
  /** Of some flips against the correct labels. @param {(index: number) => boolean} counts */
  const ofFlips = (counts) => {
    const some = issues.filter(({ index }) => !wrong[index] || counts(index));
    return areaUnderRoc(
      some.map(({ score }) => score),
      some.map(({ index }) => wrong[index] === true),
    ).toFixed(3);
  };
  return [
    averagePrecision(scores, hits).toFixed(3),
    areaUnderRoc(scores, hits).toFixed(3),
    ofFlips((index) => atRandom.has(index)),
    ofFlips((index) => !atRandom.has(index)),
    percent(hits.slice(0, 300).filter(Boolean).length / 300),
    `${percent(estimate)} (${percent(low)} to ${percent(high)})`,
  ];
}
