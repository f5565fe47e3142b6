// @ts-check
// `node bench/issues-cost.mjs [DATA]`: processor and wall time of every kind of issue, and the memory, on labeled images with random
// features: the table of docs/label-issues.md. Without DATA features alone are searched, as by `issues --features`.

import { Command } from "commander";
import { table } from "../dist/cli/shared/output.js";
import { readDataSet } from "../dist/data/index.js";
import { issueKinds } from "../dist/issues/index.js";
import { unmetNeeds } from "../dist/issues/kinds/define-kind.js";
import { labelFindingsByProbabilities } from "../dist/issues/labels/label-findings.js";
import { neighborProbabilities } from "../dist/issues/labels/neighbor-probabilities.js";
import { issueEvidence } from "../dist/issues/part.js";
import { setThreads } from "../dist/torch/index.js";

/** @typedef {import("../dist/issues/index.js").DataPart} DataPart */

const program = new Command("node bench/issues-cost.mjs")
  .argument("[data]", "labeled images, of which all training samples are searched, and the test part for copies")
  .option("--samples <n>", "samples without DATA", "50000")
  .option("--size <n>", "features of a sample", "512")
  .option("--threads <n>", "threads of the CPU", "2")
  .parse();
const options = program.opts();
setThreads(Number(options.threads));
const size = Number(options.size);
const [path] = program.args;

const { part, others, classes } = path === undefined ? featuresOnly() : await imagesOf(path);
const evidence = issueEvidence(classes, part, others);
/** @type {string[][]} */
const rows = [];
const neighbors = await timed("neighbors", () => evidence.neighbors());
const probabilities = await timed("probabilities by neighbors", async () =>
  neighborProbabilities(neighbors, part.labels, classes.length),
);
const known = { ...evidence, part: { ...part, probabilities } };
await timed("labels", async () => labelFindingsByProbabilities({ probabilities, labels: part.labels, classes }));
if (part.samples !== null) await timed("measures of images", () => known.images());
for (const kind of issueKinds.filter((one) => unmetNeeds(one, known).length === 0)) {
  await timed(kind.name, async () => kind.find(known));
}
const sum = (/** @type {number} */ column) => rows.reduce((total, row) => total + Number(row[column]), 0).toFixed(1);
rows.push(["all", sum(1), sum(2), ""]);
const shape = `${part.labels.length.toLocaleString("en-US")} x ${size}, ${options.threads} threads`;
console.log(table([shape, "processor s", "wall s", "most GiB so far"], rows).join("\n"));
console.log(`recall of the neighbors: ${neighbors.recall.toFixed(3)}`);

/** @template T @param {string} name @param {() => Promise<T>} run @returns {Promise<T>} */
async function timed(name, run) {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const result = await run();
  const { user, system } = process.cpuUsage(cpu);
  const gib = process.resourceUsage().maxRSS / 2 ** 20;
  const figures = [(user + system) / 1e6, (performance.now() - start) / 1e3];
  rows.push([name, ...figures.map((seconds) => seconds.toFixed(1)), gib.toFixed(2)]);
  return result;
}

function featuresOnly() {
  const labels = Int32Array.from({ length: Number(options.samples) }, (_, i) => i % 10);
  return {
    part: partOf("data", labels, null),
    others: [],
    classes: Array.from({ length: 10 }, (_, i) => `class ${i}`),
  };
}

/** @param {string} data */
async function imagesOf(data) {
  const { train, test, classes: names } = await readDataSet(data);
  const tested = test === null ? [] : [partOf("test", test.labels, test)];
  return { part: partOf("train", train.labels, train), others: tested, classes: names };
}

/** @param {string} name @param {Int32Array} labels @param {DataPart["samples"]} samples @returns {DataPart} */
function partOf(name, labels, samples) {
  const own = { indices: Int32Array.from(labels.keys()), labels, probabilities: null, unreadable: new Int32Array() };
  return { name, ...own, samples, features: { values: randomFeatures(labels), size } };
}

/** Uniform noise around a corner for each class, by a linear congruential generator: a normal draw takes longer than the search. @param {Int32Array} labels */
function randomFeatures(labels) {
  const values = new Float32Array(labels.length * size);
  let state = 1;
  for (let at = 0; at < values.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const isCorner = at % size === labels[Math.floor(at / size)];
    values[at] = state / 2 ** 32 - 0.5 + Number(isCorner);
  }
  return values;
}
