// @ts-check
// `node bench/found-errors.mjs RUNS [--doc FILE]`: how well `issues` ranks the wrong labels of the runs of `reproduce label-noise --only shapes`,
// by method and kind of noise; with --doc the table replaces the one in FILE.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { inspectRun } from "../dist/evaluation/index.js";
import { findIssues } from "../dist/issues/index.js";
import { averagePrecision, spreadOf, standardErrorOf } from "../dist/metrics/index.js";
import { isFinished } from "../dist/runs/index.js";
import { setThreads } from "../dist/torch/index.js";
import { markdownTable, writeBlock } from "./marked-block.mjs";

const program = new Command("node bench/found-errors.mjs")
  .argument("<runs>", "folder of reproduce label-noise")
  .option("--doc <file>", "page whose table is replaced")
  .parse();
const { doc } = program.opts();
const runs = program.args[0] ?? "";
const folder = join(runs, "shapes");
if (!existsSync(folder))
  program.error(`error: received "${runs}"; expected a folder of reproduce label-noise --only shapes`);
const methods = ["self-adaptive", "early-learning-regularization", "self-adaptive-extended"];
const conditions = ["symmetric-40", "pair-40", "instance-40"];

setThreads(1);
const rows = [];
for (const method of methods) {
  const cells = [];
  for (const condition of conditions) cells.push(await cellOf(join(folder, condition, method)));
  rows.push([method, ...cells]);
}
const lines = markdownTable(["average precision", ...conditions], rows);
console.log(lines.join("\n"));
if (doc !== undefined) writeBlock(doc, "found-errors", lines);

/** Mean and standard error over the seeds of a row. @param {string} row */
async function cellOf(row) {
  const values = [];
  for (const seed of existsSync(row) ? readdirSync(row) : []) {
    if (isFinished(join(row, seed))) values.push(await precisionOf(join(row, seed)));
  }
  const spread = spreadOf(values);
  if (spread === null) return "";
  const error = standardErrorOf(spread);
  return `${spread.mean.toFixed(3)}${error === null ? "" : ` ± ${error.toFixed(3)}`} (${spread.count})`;
}

/** @param {string} run */
async function precisionOf(run) {
  const inspection = await inspectRun(run);
  const { train, cleanLabels } = inspection;
  const { issues } = await findIssues(inspection, { types: [] });
  const wrong = issues.map(({ index }) => train.labels[index] !== cleanLabels?.[index]);
  return averagePrecision(
    issues.map(({ score }) => score),
    wrong,
  );
}
