// @ts-check
// `node bench/spurious.mjs DATA`: how often `issues` finds properties planted in one class of natural images, and claims some where
// none are planted: the table of docs/label-issues.md.

import { Command } from "commander";
import { table } from "../dist/cli/shared/output.js";
import { randomFrom, readDataSet, samplesAt } from "../dist/data/index.js";
import { InputError } from "../dist/errors.js";
import { spurious } from "../dist/issues/kinds/spurious.js";
import { issueEvidence } from "../dist/issues/part.js";

const program = new Command("node bench/spurious.mjs")
  .argument("<data>", "images of 32 x 32 pixels in memory, such as CIFAR-10")
  .option("--samples <n>", "images of each data set", "1000")
  .option("--seeds <n>", "data sets for each row", "20")
  .parse();
const { samples, seeds } = program.opts();
const side = 32;
const isEdge = (/** @type {number} */ at) =>
  at % side === 0 || at % side === side - 1 || at < side || at >= side * (side - 1);

/** @type {Record<string, (value: number, channel: number, at: number) => number>} */
const plants = {
  none: (value) => value,
  "half as bright": (value) => value / 2,
  "brighter by 60": (value) => value + 60,
  "a third of the contrast": (value) => 128 + (value - 128) / 3,
  "green border of 1 pixel": (value, channel, at) => (isEdge(at) ? Number([30, 200, 40][channel]) : value),
};

const data = await readDataSet(program.args[0] ?? "");
if (data.train.kind === "streamed") throw new InputError("these images are streamed; expected data in memory");
const held = data.train;

const rows = [];
for (const [name, plant] of Object.entries(plants)) {
  let [found, others] = [0, 0];
  for (let seed = 0; seed < Number(seeds); seed++) {
    const label = seed % data.classes.length;
    const classes = await claimed(seed, label, plant);
    found += Number(classes.includes(String(data.classes[label])));
    others += Number(classes.some((one) => one !== data.classes[label]));
  }
  rows.push([name, `${found} of ${seeds}`, `${others} of ${seeds}`]);
}
console.log(table(["planted in 80% of a class, 2% of the others", "found", "other classes claimed"], rows).join("\n"));

/** The classes with a spurious property. @param {number} seed @param {number} label @param {(typeof plants)[string]} plant */
async function claimed(seed, label, plant) {
  const random = randomFrom(seed, "spurious");
  const part = /** @type {typeof held} */ (samplesAt(held, random.sample(held.labels.length, Number(samples)).sort()));
  const size = part.values.length / part.labels.length;
  const has = part.labels.map((given) => Number(random.uniform() < (given === label ? 0.8 : 0.02)));
  const values = Uint8Array.from(part.values, (value, at) => {
    if (has[Math.floor(at / size)] === 0) return value;
    return Math.max(0, Math.min(255, plant(value, Math.floor((at % size) / side ** 2), at % side ** 2)));
  });
  const known = { name: "train", indices: Int32Array.from(part.labels.keys()), labels: part.labels, features: null };
  const all = { ...known, samples: { ...part, values }, probabilities: null, unreadable: new Int32Array() };
  const { groups } = await spurious.find(issueEvidence(data.classes, all));
  return groups.map(({ figures }) => figures.class);
}
