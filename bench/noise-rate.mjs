// @ts-check
// `node bench/noise-rate.mjs --runs FOLDER [--train] [--cifar DIR]`: estimated against true noise rates, the ranking and the calibration of
// P(wrong), over kinds and rates of noise: the table of docs/label-issues.md. Runs that FOLDER lacks are left out, or trained first.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { table } from "../dist/cli/shared/output.js";
import { readDataSet, samplesAt, shapesDataSet } from "../dist/data/index.js";
import { inspectRun } from "../dist/evaluation/index.js";
import { percent } from "../dist/format.js";
import { correctable, findIssues } from "../dist/issues/index.js";
import { areaUnderRoc, averagePrecision, expectedCalibrationError } from "../dist/metrics/index.js";
import { setThreads } from "../dist/torch/index.js";
import { train } from "../dist/training/index.js";

/** @typedef {{ data: "shapes" | "cifar", noise: string, augment: "none" | "crop-flip", seed: number }} Cell */

const asymmetric = ":0=1,2=3,3=2,4=5,6=7";
const kinds = ["symmetric", "instance", "pair", "asymmetric"];
/** @type {readonly Cell["augment"][]} */
const augments = ["none", "crop-flip"];

const program = new Command("node bench/noise-rate.mjs")
  .requiredOption("--runs <folder>", "where the runs are, or go")
  .option("--train", "train the runs that are not there", false)
  .option("--cifar <dir>", "CIFAR-10 in binary form, for the cells that need it")
  .option("--markdown", "tables in Markdown", false)
  .option("--json", "a JSON object a line in the place of a table", false)
  .parse();
const options = program.opts();
setThreads(1);

/** Seeds of the runs that the thresholds of src/issues/labels/rate/noise-rate.ts were chosen on. */
const chosenOn = new Set([101, 102, 103, 104, 109, 111, 112, 119, 121, 122, 123, 129]);

const rows = [];
for (const cell of [...shapesCells(100), ...shapesCells(200), ...cifarCells()]) {
  const out = join(options.runs, nameOf(cell));
  const finished = existsSync(join(out, "summary.json"));
  if (!finished && !options.train) continue;
  if (cell.data === "cifar" && options.cifar === undefined) continue;
  const dataSet = await dataOf(cell);
  if (!finished) await train(recipeOf(cell), { out, dataSet });
  const row = { name: nameOf(cell), ...cell, ...(await figures(out, dataSet)) };
  rows.push(row);
  if (options.json) console.log(JSON.stringify(row));
}
const halves = {
  "chosen on": rows.filter(({ seed }) => chosenOn.has(seed)),
  "reported on": rows.filter(({ seed }) => !chosenOn.has(seed)),
};
if (!options.json) {
  for (const [title, half] of Object.entries(halves))
    console.log([title, ...lines(half), "", ...totals(half), ""].join("\n"));
}

/** Every kind and rate of noise with and without augmentation, and clean labels, each with its own seed. @param {number} first @returns {Cell[]} */
function shapesCells(first) {
  let seed = first;
  return ["0.4", "0.1", "0.2", "0.05", "0.6"].flatMap((rate) => [
    ...augments.flatMap((augment) =>
      kinds.map((kind) => cellOf(`${kind}:${rate}${kind === "asymmetric" ? asymmetric : ""}`, augment, ++seed)),
    ),
    ...(["0.4", "0.1"].includes(rate) ? augments.map((augment) => cellOf("none", augment, ++seed)) : []),
  ]);
}

/** @param {string} noise @param {Cell["augment"]} augment @param {number} seed @returns {Cell} */
function cellOf(noise, augment, seed) {
  return { data: "shapes", noise, augment, seed };
}

/** The most informative ones first, each with its own seed: a run takes minutes. @returns {Cell[]} */
function cifarCells() {
  /** @type {readonly (readonly [string, Cell["augment"]])[]} */
  const cells = [
    ["none", "none"],
    ["symmetric:0.4", "crop-flip"],
    ["instance:0.4", "none"],
    ["pair:0.2", "crop-flip"],
    ["symmetric:0.2", "none"],
    ["none", "crop-flip"],
    [`asymmetric:0.4${asymmetric}`, "none"],
    ["symmetric:0.4", "none"],
    ["instance:0.2", "crop-flip"],
    ["symmetric:0.1", "none"],
    ["pair:0.4", "crop-flip"],
    ["pair:0.1", "none"],
    [`asymmetric:0.2${asymmetric}`, "crop-flip"],
    ["instance:0.1", "none"],
    ["instance:0.4", "crop-flip"],
    ["pair:0.2", "none"],
  ];
  return cells.map(([noise, augment], i) => ({ data: "cifar", noise, augment, seed: 301 + i }));
}

/** @param {Cell} cell */
function nameOf({ data, noise, augment, seed }) {
  return `${data[0]}-${noise.replace(asymmetric, "").replaceAll(/[:.]/g, "")}-${augment}-${seed}`;
}

/** @param {Cell} cell @returns {Partial<import("../dist/runs/index.js").RecipeInput>} */
function recipeOf({ data, noise, augment, seed }) {
  const own = data === "shapes" ? { width: 8, epochs: 30, lr: 0.05, batchSize: 64 } : { width: 16, epochs: 20 };
  const recipe = { data: data === "shapes" ? "shapes" : options.cifar, model: "resnet18", ...own };
  return { ...recipe, noise, augment, seed, valFraction: 0.1, device: "cpu", evalEvery: own.epochs };
}

/** 3,000 drawn shapes, or the first 10,000 images of CIFAR-10. @param {Cell} cell */
async function dataOf({ data, seed }) {
  if (data === "shapes") return shapesDataSet({ train: 3000, test: 200, size: 16, seed });
  const all = await readDataSet(options.cifar);
  const first = (/** @type {number} */ count) => Int32Array.from({ length: count }, (_, i) => i);
  const test = all.test === null ? null : samplesAt(all.test, first(500));
  return { ...all, train: samplesAt(all.train, first(10_000)), test };
}

/** @param {string} run @param {import("../dist/data/index.js").DataSet} dataSet */
async function figures(run, dataSet) {
  const { train: samples, cleanLabels, ...rest } = await inspectRun(run, { dataSet });
  const findings = await findIssues({ train: samples, cleanLabels, ...rest }, { types: [] });
  const clean = cleanLabels ?? samples.labels;
  const { issues, noiseRate, classHealth } = findings;
  const wrong = issues.map(({ index }) => samples.labels[index] !== clean[index]);
  const truth = wrong.filter(Boolean).length / wrong.length;
  const mended = new Set(correctable(issues, classHealth).map(({ index }) => index));
  const byClass = classHealth.map(({ name, samples: count, labelErrorRate }) => {
    const own = issues.flatMap(({ given }, i) => (given === name ? [wrong[i]] : []));
    return (count / issues.length) * Math.abs(labelErrorRate - own.filter(Boolean).length / Math.max(1, own.length));
  });
  const hit = issues.filter(({ index }, i) => mended.has(index) && wrong[i]).length;
  const scores = issues.map(({ score }) => score);
  const ranks = truth > 0;
  return {
    truth,
    ...noiseRate,
    within: Math.abs(noiseRate.estimate - truth) <= (ranks ? Math.max(0.02, truth / 5) : 0.03),
    covered: noiseRate.low <= truth && truth <= noiseRate.high,
    areaUnderRoc: ranks ? areaUnderRoc(scores, wrong) : null,
    averagePrecision: ranks ? averagePrecision(scores, wrong) : null,
    precisionOfTop: wrong.slice(0, 500).filter(Boolean).length / Math.min(500, wrong.length),
    calibrationError: expectedCalibrationError(
      Float64Array.from(issues, ({ pWrong }) => pWrong),
      correctnessOf(wrong),
      10,
    ),
    classError: byClass.reduce((sum, error) => sum + error, 0),
    dropped: mended.size,
    droppedWrong: mended.size === 0 ? null : hit / mended.size,
  };
}

/** @param {readonly boolean[]} wrong */
function correctnessOf(wrong) {
  return Uint8Array.from(wrong, Number);
}

/** @typedef {Awaited<ReturnType<typeof figures>> & Cell} Row */

/** @param {Row[]} all */
function lines(all) {
  const number = (/** @type {number | null} */ value) => (value === null ? "-" : value.toFixed(3));
  return (options.markdown ? markdown : table)(
    [
      "data",
      "noise",
      "augment",
      "true",
      "estimate",
      "interval",
      "method",
      "in tolerance",
      "by class",
      "AUROC",
      "AP",
      "top 500",
      "ECE",
    ],
    all.map((row) => [
      row.data,
      row.noise.replace(asymmetric, ""),
      row.augment,
      percent(row.truth),
      percent(row.estimate),
      `${percent(row.low)} to ${percent(row.high)}`,
      row.method,
      row.within ? "yes" : "no",
      percent(row.classError, 1),
      number(row.areaUnderRoc),
      number(row.averagePrecision),
      row.truth === 0 ? "-" : percent(row.precisionOfTop, 2),
      number(row.calibrationError),
    ]),
  );
}

/** @param {readonly string[]} header @param {readonly (readonly string[])[]} cells */
function markdown(header, cells) {
  const row = (/** @type {readonly string[]} */ texts) => `| ${texts.join(" | ")} |`;
  return [row(header), row(header.map(() => "---")), ...cells.map(row)];
}

/** @param {Row[]} all */
function totals(all) {
  const count = (/** @type {(row: Row) => boolean} */ is) => `${all.filter(is).length} of ${all.length}`;
  return [
    `in tolerance: ${count(({ within }) => within)}`,
    `interval holds the truth: ${count(({ covered }) => covered)}`,
    `calibration error at most 0.05: ${count(({ calibrationError }) => calibrationError <= 0.05)}`,
  ];
}
