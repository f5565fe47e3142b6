// @ts-check
// `node bench/verdicts.mjs --runs FOLDER [--train]`: the verdicts of `issues` on samples of known kinds planted among the built-in
// shapes: the table of docs/label-issues.md. Runs that FOLDER lacks are left out, or trained first.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { table } from "../dist/cli/shared/output.js";
import { randomFrom, shapesDataSet } from "../dist/data/index.js";
import { inspectRun } from "../dist/evaluation/index.js";
import { findIssues } from "../dist/issues/index.js";
import { setThreads } from "../dist/torch/index.js";
import { train } from "../dist/training/index.js";

/** @typedef {import("../dist/data/index.js").Random} Random */

const program = new Command("node bench/verdicts.mjs")
  .requiredOption("--runs <folder>", "where the runs are, or go")
  .option("--train", "train the runs that are not there", false)
  .parse();
const options = program.opts();
setThreads(1);

const [samples, side] = [3000, 16];
const verdicts = ["mislabeled", "ambiguous", "outlier", "hard"];

/** @type {readonly { seed: number, augment: "crop-flip" | "none", wrong: number }[]} */
const cells = [
  { seed: 401, augment: "crop-flip", wrong: 0.05 },
  { seed: 402, augment: "crop-flip", wrong: 0.2 },
  { seed: 401, augment: "none", wrong: 0.05 },
  { seed: 403, augment: "none", wrong: 0.2 },
  { seed: 404, augment: "crop-flip", wrong: 0.05 },
  { seed: 405, augment: "none", wrong: 0.05 },
  { seed: 407, augment: "crop-flip", wrong: 0.2 },
  { seed: 408, augment: "none", wrong: 0.2 },
];
/** Seeds of the runs that the rule was chosen on. */
const chosenOn = new Set([401, 402, 403]);

/** @type {Record<string, Map<string, number[]>>} */
const counts = { "chosen on": new Map(), "reported on": new Map() };
for (const { seed, augment, wrong } of cells) {
  const out = join(options.runs, `${seed}-${augment}-${samples}-${wrong}`);
  const { dataSet, kinds } = planted(seed, wrong);
  const finished = existsSync(join(out, "summary.json"));
  if (!finished && !options.train) continue;
  const recipe = { data: "shapes", model: "resnet18", width: 8, epochs: 30, batchSize: 64, lr: 0.05 };
  const run = /** @type {const} */ ({ ...recipe, objective: "sat", device: "cpu", evalEvery: 30, valFraction: 0.1 });
  if (!finished) await train({ ...run, augment, seed }, { out, dataSet });
  const { issues } = await findIssues(await inspectRun(out, { dataSet }), { types: ["outlier"] });
  const half = counts[chosenOn.has(seed) ? "chosen on" : "reported on"] ?? new Map();
  for (const { index, verdict } of issues) {
    const row = `${augment}, ${100 * wrong}% wrong: ${kinds[index]}`;
    const found = half.get(row) ?? verdicts.map(() => 0);
    found[verdicts.indexOf(verdict)] += 1;
    half.set(row, found);
  }
}
for (const [title, half] of Object.entries(counts)) console.log([title, ...linesOf(half), ""].join("\n"));

/** @param {Map<string, number[]>} half */
function linesOf(half) {
  const rows = [...half]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, found]) => {
      const total = found.reduce((sum, count) => sum + count, 0);
      return [name, String(total), ...found.map((count) => `${((100 * count) / total).toFixed(0)}%`)];
    });
  return table(["planted", "samples", ...verdicts], rows);
}

/** Shapes of which some are of another kind: wrong labels, means of two images, pictures of no shape, low contrast. @param {number} seed @param {number} wrong */
function planted(seed, wrong) {
  const drawn = shapesDataSet({ train: samples, test: 300, size: side, seed });
  const random = randomFrom(seed, "plant");
  const kinds = new Array(samples).fill("other");
  const rates = { mislabeled: wrong, ambiguous: 0.03, outlier: 0.02, hard: 0.05 };
  const names = Object.entries(rates).flatMap(([name, rate]) => new Array(Math.round(rate * samples)).fill(name));
  const order = random.permutation(samples);
  for (const [at, name] of names.entries()) kinds[Number(order[at])] = name;
  const [values, labels] = [drawn.train.values.slice(), drawn.train.labels.slice()];
  const size = values.length / samples;
  const imageOf = (/** @type {number} */ i) => drawn.train.values.subarray(i * size, (i + 1) * size);
  for (let i = 0; i < samples; i++) {
    const own = Number(drawn.train.labels[i]);
    if (kinds[i] === "mislabeled") labels[i] = (own + 1 + random.integer(9)) % 10;
    if (kinds[i] === "ambiguous") {
      const j = ofAnotherClass(drawn.train.labels, kinds, i, random);
      values.set(
        imageOf(i).map((value, k) => (value + Number(imageOf(j)[k])) / 2),
        i * size,
      );
      if (random.integer(2) === 1) labels[i] = Number(drawn.train.labels[j]);
    }
    if (kinds[i] === "outlier") {
      values.set(waves(size, random), i * size);
      labels[i] = random.integer(10);
    }
    if (kinds[i] === "hard") values.set(faded(imageOf(i), random), i * size);
  }
  return { dataSet: { ...drawn, train: { ...drawn.train, values, labels } }, kinds };
}

/** @param {Int32Array} labels @param {string[]} kinds @param {number} i @param {Random} random */
function ofAnotherClass(labels, kinds, i, random) {
  for (;;) {
    const j = random.integer(samples);
    if (labels[j] !== labels[i] && kinds[j] === "other") return j;
  }
}

/** Twenty random waves, the longer the stronger. @param {number} size @param {Random} random */
function waves(size, random) {
  const drawn = Array.from({ length: 20 }, (_, k) => ({
    across: (random.normal() * (1 + k)) / 3,
    down: (random.normal() * (1 + k)) / 3,
    phase: 7 * random.uniform(),
    height: 90 / (2 + k),
  }));
  return Uint8Array.from({ length: size }, (_, at) => {
    const [y, x] = [Math.floor((at % (side * side)) / side), at % side];
    const value = drawn.reduce(
      (sum, { across, down, phase, height }) =>
        sum + height * Math.sin(phase + (6.28 * (across * x + down * y)) / side),
      120,
    );
    return Math.max(0, Math.min(255, value));
  });
}

/** A third of the contrast, and noise. @param {ArrayLike<number>} image @param {Random} random */
function faded(image, random) {
  const mean = Array.from(image).reduce((sum, value) => sum + value, 0) / image.length;
  return Uint8Array.from(image, (value) =>
    Math.max(0, Math.min(255, mean + 0.35 * (value - mean) + 12 * random.normal())),
  );
}
