// @ts-check
// `node bench/many-ranks.mjs`: what 8, 64 and 512 ranks would take for ResNet-50, by formulas from the sizes in this package and a
// few constants, and what would have to change for a billion samples, each tried here in a simulation. --write puts the tables
// into docs/distributed.md.

import { Command } from "commander";
import { randomFrom } from "../dist/data/index.js";
import { createModel } from "../dist/index.js";
import { HISTORY_COLUMNS } from "../dist/runs/files/sample-history.js";
import { markdownTable, writeBlock } from "./marked-block.mjs";
import { keyedOrder } from "./sides/keyed-order.mjs";

const program = new Command("node bench/many-ranks.mjs")
  .option("--rate <n>", "images a second that one rank trains on, an assumption", "1000")
  .option("--latency <us>", "microseconds of a message, an assumption", "30")
  .option("--write", "write the tables into docs/distributed.md", false)
  .parse();
const { rate, latency, write } = program.opts();

const CLASSES = 1000;
const BATCH = 32;
const FLOAT = 4;
const dataSets = [
  { name: "ImageNet", samples: 1_281_167 },
  { name: "10^9 samples", samples: 1e9 },
];
const worlds = [8, 64, 512];
const links = [10, 100];

const network = createModel("resnet50", { imageSize: 224, classes: CLASSES });
const parameters = network.parameters().reduce((sum, parameter) => sum + parameter.size, 0);

/** Bytes that a rank sends in a ring's sum of so many bytes. @param {number} bytes @param {number} world */
const sent = (bytes, world) => (2 * (world - 1) * bytes) / world;

/** Bytes that a rank sends in a step for the rows of its samples: those that others need of it, and theirs back. @param {number} world */
const rowBytes = (world) => (2 * (world - 1) * BATCH * CLASSES * FLOAT) / world;

/** Of so many bytes sent, with two messages for every other rank. @param {number} bytes @param {number} world @param {number} gigabits */
const seconds = (bytes, world, gigabits) => bytes / (gigabits * 1.25e8) + 2 * (world - 1) * Number(latency) * 1e-6;

/** @param {number} bytes */
function inUnits(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[power]}`;
}

/** @param {number} value */
const brief = (value) => (value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString("en"));

/** Seconds of an epoch: computing, the sums of gradients, the rows of every step, and the sum of the history at the end. */
function timeRows() {
  return dataSets.flatMap(({ name, samples }) =>
    worlds.flatMap((world) =>
      links.map((gigabits) => {
        const steps = Math.ceil(samples / (world * BATCH));
        const compute = samples / (world * Number(rate));
        const [gradientBytes, historyBytes] = [parameters, samples * (HISTORY_COLUMNS + 2)].map((count) =>
          sent(FLOAT * count, world),
        );
        const times = [
          compute,
          steps * seconds(gradientBytes ?? 0, world, gigabits),
          steps * seconds(rowBytes(world), world, gigabits),
          seconds(historyBytes ?? 0, world, gigabits),
        ];
        const step = [gradientBytes ?? 0, rowBytes(world)].map(inUnits);
        return [name, String(world), `${gigabits} Gbit/s`, ...step, ...times.map(brief)];
      }),
    ),
  );
}

/** Memory of a rank, and of one process. */
function memoryRows() {
  return dataSets.flatMap(({ name, samples }) =>
    worlds.map((world) => {
      const targets = FLOAT * samples * CLASSES;
      const history = FLOAT * samples * (HISTORY_COLUMNS + 1);
      return [name, String(world), ...[targets / world, targets, history, FLOAT * samples].map(inUnits)];
    }),
  );
}

/** Nanoseconds a sample of the order of an epoch, and how even it is. */
function orderRows() {
  const n = 2_000_000;
  const permutation = nanoseconds(n, () => void randomFrom(0, "order").permutation(n));
  const place = keyedOrder(n, 0);
  let sum = 0;
  const keyed = nanoseconds(n, () => {
    for (let i = 0; i < n; i++) sum += place(i);
  });
  if (sum !== (n * (n - 1)) / 2) throw new Error("the keyed order is no permutation");
  return [
    [
      "permutation",
      `${permutation.toFixed(0)} ns`,
      inUnits(FLOAT * 1e9),
      chiSquare((size, key) => randomFrom(key).permutation(size)),
    ],
    ["keyed bijection", `${keyed.toFixed(0)} ns`, "none", chiSquare(keyedArray)],
  ];
}

/** Of processor time, which other processes do not lengthen. @param {number} samples @param {() => void} body */
function nanoseconds(samples, body) {
  const before = process.cpuUsage();
  body();
  return (1e3 * process.cpuUsage(before).user) / samples;
}

/** @param {number} size @param {number} key */
function keyedArray(size, key) {
  const place = keyedOrder(size, key);
  return Int32Array.from({ length: size }, (_, position) => place(position));
}

/**
 * Chi-square, over its degrees of freedom, of where each of 97 positions goes in 5,000 orders: 1 for a random one.
 * @param {(size: number, key: number) => Int32Array} orderOf
 */
function chiSquare(orderOf) {
  const [size, orders] = [97, 5_000];
  const counts = new Float64Array(size * size);
  for (let key = 0; key < orders; key++) {
    orderOf(size, key).forEach((place, position) => {
      counts[position * size + place] = (counts[position * size + place] ?? 0) + 1;
    });
  }
  const expected = orders / size;
  const sum = counts.reduce((total, count) => total + (count - expected) ** 2 / expected, 0);
  return (sum / (size - 1) ** 2).toFixed(3);
}

/**
 * Targets of which the k largest values are kept: averages of 30 softmaxes of noisy logits, three quarters of which lie on one class
 * (an assumption), from a label that is wrong in 40%.
 */
function targetRows() {
  const samples = 200;
  const targets = Array.from({ length: samples }, (_, sample) => simulatedTarget(sample));
  return [5, 10, 20, 50].map((k) => {
    const lost = targets.map(
      (target) =>
        1 -
        [...target]
          .sort((a, b) => b - a)
          .slice(0, k)
          .reduce((sum, t) => sum + t, 0),
    );
    const mean = lost.reduce((sum, mass) => sum + mass, 0) / samples;
    return [String(k), inUnits(8 * k * 1e9), `${(100 * mean).toFixed(2)}%`, `${(100 * Math.max(...lost)).toFixed(2)}%`];
  });
}

/** @param {number} sample @returns {Float64Array} */
function simulatedTarget(sample) {
  const { normal, integer, uniform } = randomFrom(sample, "target");
  const affinity = Float64Array.from({ length: CLASSES }, () => 1.5 * normal());
  affinity[0] = (affinity[0] ?? 0) + 9.5;
  const label = uniform() < 0.4 ? 1 + integer(CLASSES - 1) : 0;
  const target = new Float64Array(CLASSES);
  target[label] = 1;
  for (let visit = 0; visit < 30; visit++) {
    const exponentials = affinity.map((z) => Math.exp(z + 0.7 * normal()));
    const total = exponentials.reduce((sum, value) => sum + value, 0);
    target.forEach((t, i) => {
      target[i] = 0.9 * t + (0.1 * (exponentials[i] ?? 0)) / total;
    });
  }
  return target;
}

const tables = [
  markdownTable(
    [
      "data",
      "ranks",
      "link",
      "gradients a step",
      "targets a step",
      "computing, s",
      "gradients, s",
      "targets, s",
      "history, s",
    ],
    timeRows(),
  ),
  markdownTable(["data", "ranks", "targets a rank", "in one process", "history and visits", "order"], memoryRows()),
  markdownTable(
    ["order of an epoch", "time a sample", "memory for 10^9", "chi-square / degrees of freedom"],
    orderRows(),
  ),
  markdownTable(["values kept a sample", "memory for 10^9", "lost of a target, mean", "most"], targetRows()),
];
const lines = tables.flatMap((table, i) => (i === 0 ? table : ["", ...table]));
if (write) writeBlock("docs/distributed.md", "many-ranks", lines);
else console.log(lines.join("\n"));
