// @ts-check
// `npm run bench`: takes the measurements one after the other and prints their figures.

import { Command, Option } from "commander";
import { help } from "./measurements/help.mjs";
import { memory } from "./measurements/memory.mjs";
import { targetCost } from "./measurements/target-cost.mjs";
import { trainBf16, trainFp32 } from "./measurements/throughput.mjs";
import { json, table } from "./report.mjs";

const all = [help, trainFp32, trainBf16, targetCost, memory];
const names = all.map(({ name }) => name);

const options = new Command("npm run bench --")
  .description("Measures speed and memory, side by side with PyTorch where it is installed.")
  .addOption(new Option("--only <name...>", "take these measurements alone").choices(names))
  .option("--quick", "few rounds: whether it runs, not how fast", false)
  .option("--json", "end with one line of JSON in the place of a table", false)
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
