// @ts-check
// `npm run bench`: runs the measurements one after another and prints their figures.

import { Command, InvalidArgumentError } from "commander";
import { besideBusy } from "./measurements/beside-busy.mjs";
import { comparison } from "./measurements/comparison.mjs";
import { floors } from "./measurements/floor.mjs";
import { help } from "./measurements/help.mjs";
import { inputPipeline } from "./measurements/input-pipeline.mjs";
import { memory } from "./measurements/memory.mjs";
import { peakMemory } from "./measurements/peak-memory.mjs";
import { sampleRecord } from "./measurements/sample-record.mjs";
import { selfSupervisedCost } from "./measurements/self-supervised-cost.mjs";
import { stream } from "./measurements/stream.mjs";
import { targetCost } from "./measurements/target-cost.mjs";
import { views } from "./measurements/views.mjs";
import { json, table } from "./report.mjs";
import { comparisons } from "./workload.mjs";

const all = [
  help,
  ...comparisons.map(comparison),
  ...peakMemory,
  ...floors,
  besideBusy,
  inputPipeline,
  ...views,
  ...stream,
  targetCost,
  selfSupervisedCost,
  sampleRecord,
  memory,
];
const names = all.map(({ name }) => name);

/** The name itself, or all that begin so. @param {string} prefix @param {readonly string[]} before */
function chosen(prefix, before = []) {
  const found = names.includes(prefix) ? [prefix] : names.filter((name) => name.startsWith(prefix));
  if (found.length === 0) throw new InvalidArgumentError(`No name begins so; names are ${names.join(", ")}.`);
  return [...before, ...found];
}

const options = new Command("npm run bench --")
  .description("Measures speed and memory, side by side with PyTorch where it is installed.")
  .option(
    "--only <prefix...>",
    `take these measurements alone, or those whose names begin so: ${names.join(", ")}`,
    chosen,
  )
  .option("--quick", "few rounds: whether it runs, not how fast", false)
  .option("--json", "print one line of JSON instead of a table", false)
  .parse()
  .opts();

const note = (/** @type {string} */ text) => console.error(text);
const measurements = [];
for (const { name, run } of all) {
  if (options.only !== undefined && !options.only.includes(name)) continue;
  note(`${name} ...`);
  measurements.push(...(await run({ quick: options.quick, note })));
}
console.log(options.json ? json(measurements) : table(measurements));
