// @ts-check
// The runs of bench/review.mjs: built-in shapes with wrong labels, their evidence, and cross-validated probabilities as the rival.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readProbabilities, shapesDataSet, writeNpy } from "../dist/data/index.js";
import { inspectRun } from "../dist/evaluation/index.js";
import { findIssues, findIssuesByProbabilities } from "../dist/issues/index.js";
import { prepare } from "../dist/runs/prepare.js";
import { parseRecipe } from "../dist/runs/recipe/schema.js";
import { crossValidate, train } from "../dist/training/index.js";

/** @typedef {import("../dist/data/index.js").DataSet} DataSet */
/**
 * A part to review: every array has an entry a sample.
 * @typedef {object} Reviewed
 * @property {import("../dist/review/index.js").QueueSource} source
 * @property {Int32Array} clean the true classes
 */

export const folds = 3;
const recipe = /** @type {const} */ ({ model: "resnet18", width: 8, lr: 0.05, device: "cpu" });

/** @param {number} seed @param {number} samples */
export const shapesOf = (seed, samples) => shapesDataSet({ train: samples, test: 1000, size: 16, seed });

/** @param {import("../dist/runs/index.js").RecipeInput["noise"]} noise @param {number} seed @param {number} epochs */
const keysOf = (noise, seed, epochs) => ({ ...recipe, noise, seed, epochs, evalEvery: epochs });

/**
 * Trains a run by `sat` unless the folder has it.
 * @param {string} out @param {DataSet} dataSet @param {{ noise?: string, seed: number, epochs: number, pinned?: string }} keys
 */
export async function trained(out, dataSet, { noise = "none", seed, epochs, ...keys }) {
  if (!existsSync(join(out, "summary.json"))) {
    await train({ ...keysOf(noise, seed, epochs), objective: "sat", ...keys }, { out, dataSet });
  }
  return JSON.parse(readFileSync(join(out, "summary.json"), "utf8"));
}

/** The samples of a run as `issues` ranks them. @param {string} out @param {DataSet} dataSet @returns {Promise<Reviewed>} */
export async function rankedByRun(out, dataSet) {
  const inspection = await inspectRun(out, { dataSet });
  const findings = await findIssues(inspection, { types: [] });
  return reviewedOf(findings, inspection.train.labels, inspection.cleanLabels ?? inspection.train.labels);
}

/**
 * The samples by self-confidence of cross-validated cross entropy, trained unless the folder has the probabilities.
 * @param {string} folder @param {DataSet} dataSet @param {string} noise @param {number} seed @param {number} epochs
 * @returns {Promise<Reviewed>}
 */
export async function rankedByCrossValidation(folder, dataSet, noise, seed, epochs) {
  const file = join(folder, "probabilities.npy");
  const keys = { ...keysOf(noise, seed, epochs), objective: "ce" };
  if (!existsSync(file)) {
    const found = await crossValidate(keys, { runs: folder, folds, dataSet });
    if (found === null) throw new Error("cross-validation was stopped");
    writeFileSync(file, writeNpy(found.probabilities, [found.labels.length, dataSet.classes.length]));
  }
  const { probabilities } = await readProbabilities(file);
  const { train: samples, cleanLabels } = await prepare(parseRecipe({ data: "(in memory)", ...keys }), dataSet);
  const findings = findIssuesByProbabilities({ probabilities, labels: samples.labels, classes: dataSet.classes });
  return reviewedOf(findings, samples.labels, cleanLabels ?? samples.labels);
}

/**
 * @param {import("../dist/issues/index.js").Findings} findings @param {Int32Array} labels @param {Int32Array} clean
 * @returns {Reviewed}
 */
function reviewedOf({ issues, classes }, labels, clean) {
  const pWrong = new Float64Array(labels.length).fill(Number.NaN);
  const suggested = new Int32Array(labels.length).fill(-1);
  for (const { index, pWrong: wrong, suggested: name } of issues) {
    pWrong[index] = wrong;
    suggested[index] = classes.indexOf(name);
  }
  const samples = Int32Array.from(labels.keys());
  return { source: { part: "train", classes, samples, pWrong, given: labels, suggested }, clean };
}
