// @ts-check
// `node bench/review.mjs --runs FOLDER [--doc docs/studio.md]`: what 1,000 verdicts of a simulated reviewer find and predict, how often
// the bound of a random audit holds, and what a second training gains. Runs that FOLDER lacks are trained first.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { table } from "../dist/cli/shared/output.js";
import { randomFrom } from "../dist/data/index.js";
import { percent } from "../dist/format.js";
import { auditResult, drawAudit, reviewState, reviewStatistics } from "../dist/review/index.js";
import { setThreads } from "../dist/torch/index.js";
import { markdownTable, writeBlock } from "./marked-block.mjs";
import { retrainRow } from "./review-retrain.mjs";
import { folds, rankedByCrossValidation, rankedByRun, shapesOf, trained } from "./review-runs.mjs";
import { judgments, ownErrors, review, verdictOn } from "./simulated-reviewer.mjs";

/** @typedef {import("./review-runs.mjs").Reviewed} Reviewed */
/** @typedef {import("../dist/review/index.js").ReviewAction} ReviewAction */

const program = new Command("node bench/review.mjs")
  .requiredOption("--runs <folder>", "where the runs are, or go")
  .option("--doc <file>", "page whose tables to write")
  .parse();
const { runs, doc } = program.opts();
setThreads(1);
mkdirSync(runs, { recursive: true });

const [epochs, verdicts, reviewers, audits, draws] = [12, 1000, 200, 10, 299];
const noises = /** @type {const} */ ([
  ["symmetric:0.4", 501],
  ["instance:0.4", 502],
  ["symmetric:0.05", 503],
]);

const found = [];
const bounds = [];
for (const [noise, seed] of noises) {
  const [out, dataSet] = [join(runs, noise.replace(/[:.]/g, "")), shapesOf(seed, 10_000)];
  await trained(out, dataSet, { noise, seed, epochs });
  const own = await rankedByRun(out, dataSet);
  const rival = await rankedByCrossValidation(`${out}-folds`, dataSet, noise, seed, epochs);
  const random = randomFrom(seed, "order");
  const shuffled = { ...own, source: { ...own.source, pWrong: own.source.pWrong.map(() => random.uniform()) } };
  found.push(foundRow(noise, own, rival, shuffled, seed));
  bounds.push(boundRow(noise, own, seed));
}
const retrained = [];
for (const seed of [511, 512, 513]) retrained.push(await retrainRow(runs, { seed, epochs, verdicts }));

const foundHeader = ["noise", "wrong labels", "run", "cross-validation", "random", "predicted at first", "as it went"];
const boundHeader = ["noise", "bound holds", "mean bound", "mean wrong", "corrected at least", "corrected"];
const retrainHeader = ["seed", "before", "after", "after, pinned", "labels right before", "after"];
for (const [header, rows] of /** @type {const} */ ([
  [foundHeader, found],
  [boundHeader, bounds],
  [retrainHeader, retrained],
])) {
  console.log([...table(header, rows), ""].join("\n"));
}
if (doc !== undefined) {
  writeBlock(doc, "found by verdicts", markdownTable(foundHeader, found));
  writeBlock(doc, "audit bounds", markdownTable(boundHeader, bounds));
  writeBlock(doc, "retrained", markdownTable(retrainHeader, retrained));
}

/**
 * Wrong labels found by 1,000 verdicts in each order, and the predictions of the run's order: all before the first verdict, and
 * each from the verdicts before it.
 * @param {string} noise @param {Reviewed} own @param {Reviewed} rival @param {Reviewed} shuffled @param {number} seed
 */
function foundRow(noise, own, rival, shuffled, seed) {
  const wrong = judgments(own, seed);
  const isWrong = Array.from(own.clean, (label, i) => label !== own.source.given[i]);
  const hits = (/** @type {Reviewed} */ reviewed) => {
    const actions = review(reviewed, wrong, verdicts);
    const decisions = reviewState(actions).decisions("train", "me");
    const right = [...decisions].filter(([sample, { verdict }]) => verdict === "relabel" && isWrong[sample]).length;
    return { actions, right, decisions };
  };
  const [ofRun, ofRival, ofChance] = [own, rival, shuffled].map(hits);
  if (ofRun === undefined || ofRival === undefined || ofChance === undefined) throw new Error("three orders");
  const { curve, wrongFound } = reviewStatistics(reviewState(ofRun.actions), "train", "me");
  const first = [...ofRun.decisions.values()].reduce((sum, { pWrong }) => sum + (pWrong ?? 0), 0);
  const deviation = (/** @type {number} */ value) => `${value.toFixed(0)} (${signed(value / wrongFound - 1)})`;
  return [
    noise,
    String(isWrong.filter(Boolean).length),
    ...[ofRun, ofRival, ofChance].map(({ right }) => String(right)),
    deviation(first),
    deviation(curve.at(-1)?.predicted ?? 0),
  ];
}

/** @param {number} value */
function signed(value) {
  return `${value < 0 ? "-" : "+"}${percent(Math.abs(value))}`;
}

/** Ten audits by each of 200 reviewers, after 500 verdicts. @param {string} noise @param {Reviewed} own @param {number} seed */
function boundRow(noise, own, seed) {
  const results = Array.from({ length: reviewers }, (_, i) => audited(own, 1000 * seed + i)).flat();
  const mean = (/** @type {(result: ReturnType<typeof audited>[number]) => number} */ of) =>
    results.reduce((sum, result) => sum + of(result), 0) / results.length;
  return [
    noise,
    percent(mean(({ bound, left }) => Number(left <= bound))),
    percent(mean(({ bound }) => bound)),
    percent(mean(({ left }) => left)),
    percent(mean(({ corrected }) => corrected)),
    percent(mean(({ share }) => share)),
  ];
}

/** @param {Reviewed} own @param {number} seed of the reviewer */
function audited(own, seed) {
  const wrong = judgments(own, seed);
  const actions = review(own, wrong, verdicts / 2);
  const reviewed = reviewState(actions);
  const open = new Set(own.source.samples);
  for (const sample of reviewed.decisions("train", "me").keys()) open.delete(sample);
  /** The fraction that this reviewer would call wrong of those not reviewed at the draw. */
  const left = [...open].filter((row) => wrong[row] === 1).length / open.size;
  const called = wrong.reduce((sum, value) => sum + value, 0);
  return Array.from({ length: audits }, (_, i) => ({ left, ...drawn(own, wrong, actions, audits * seed + i, called) }));
}

/** @param {Reviewed} own @param {Uint8Array} wrong @param {ReviewAction[]} actions @param {number} seed @param {number} called wrong, in all */
function drawn(own, wrong, actions, seed, called) {
  const draw = drawAudit(reviewState(actions), { ...own.source, draws, reviewer: "me", seed });
  const checked = draw.samples.map((row, i) => verdictOn(own, wrong, row, false, actions.length + i));
  const all = [...actions, { ...draw, id: "audit", time: "" }, ...checked];
  const { bound, corrected } = auditResult(reviewState(all), "train", "me") ?? {};
  const foundNow = [...reviewState(all).decisions("train", "me").values()].filter(
    ({ verdict }) => verdict === "relabel",
  );
  return {
    bound: bound ?? Number.NaN,
    corrected: corrected ?? Number.NaN,
    share: foundNow.length / called,
  };
}

console.log(`${percent(ownErrors, 0)} of the reviewer's verdicts are wrong; ${folds} folds; ${epochs} epochs`);
