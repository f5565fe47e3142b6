// @ts-check
// Views of images per second, with SimCLR's full recipe, compared with torchvision's transforms of single images.

import { compare, median } from "../measurement.mjs";
import { findPython } from "../python.mjs";
import { startSide } from "../side.mjs";

/**
 * @typedef {import("../measurement.mjs").Context} Context
 * @typedef {import("../side.mjs").Side} Side
 * @typedef {{ imageSize: number, samples: number, batchSize: number, unitImages: number, seed: number }} Workload
 * @typedef {{ name: string, threads: number, workload: Workload, target: number }} Row
 */

const ourScript = new URL("../sides/views.mjs", import.meta.url);
const theirScript = new URL("../sides/pytorch/views.py", import.meta.url);

/** What torchvision's transforms are given; the faster counts. */
const FORMS = ["PIL", "tensor"];
const ROUNDS = 8;
/** A unit of ours is over too soon to be timed alone. */
const OUR_UNITS = 10;

const workload = (/** @type {number} */ imageSize) => ({
  imageSize,
  samples: 4096,
  batchSize: 256,
  unitImages: 512,
  seed: 0,
});

/** @type {readonly Row[]} */
const rows = [32, 96].flatMap((imageSize) =>
  [1, 2].map((threads) => ({
    name: `views-${imageSize}-${threads === 1 ? "1-thread" : `${threads}-threads`}`,
    threads,
    workload: workload(imageSize),
    target: 10,
  })),
);

/**
 * @param {Row} row
 * @param {Context} context
 */
async function measure({ name, threads, workload, target }, { quick, note }) {
  const config = { workload, threads, warmup: 1 };
  /** @type {Map<string, Side>} */
  const sides = new Map([["ours", await startSide(process.execPath, ourScript, config)]]);
  try {
    const python = findPython("torchvision");
    if (python === null) note("torchvision was not found; on Debian: apt-get install python3-torchvision");
    else note(`theirs: torchvision ${python.version}`);
    for (const form of python === null ? [] : FORMS) {
      sides.set(`torchvision, ${form}`, await startSide(python?.program ?? "", theirScript, { ...config, form }));
    }
    const rates = await interleave(sides, quick ? 1 : ROUNDS, workload.unitImages);
    for (const [side, rate] of rates) note(`${name}: ${side} ${rate.toFixed(0)} images/s`);
    const [ours, ...theirs] = /** @type {[number, ...number[]]} */ ([...rates.values()]);
    const best = theirs.length === 0 ? null : Math.max(...theirs);
    return [compare({ name, unit: "images/s", ours, theirs: best, target, better: "more" })];
  } finally {
    await Promise.all([...sides.values()].map((side) => side.stop()));
  }
}

/**
 * Alternates between the sides, and returns the median rate of each over all of its units.
 * @param {Map<string, Side>} sides
 * @param {number} rounds
 * @param {number} images of a unit
 * @returns {Promise<Map<string, number>>}
 */
async function interleave(sides, rounds, images) {
  /** @type {Map<string, number[]>} */
  const seconds = new Map([...sides.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, side] of sides) {
      seconds.get(name)?.push(...(await side.ask(name === "ours" ? OUR_UNITS : 1)).seconds);
    }
  }
  return new Map([...seconds].map(([name, times]) => [name, images / median(times)]));
}

export const views = rows.map((row) => ({
  name: row.name,
  run: (/** @type {Context} */ context) => measure(row, context),
}));
