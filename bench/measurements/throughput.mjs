// @ts-check
// Images a second of whole training steps, side by side with PyTorch in both of its memory layouts.

import { compare, median } from "../measurement.mjs";
import { findPyTorch } from "../python.mjs";
import { startSide } from "../side.mjs";
import { workload } from "../workload.mjs";

/**
 * @typedef {import("../measurement.mjs").Context} Context
 * @typedef {import("../side.mjs").Side} Side
 */

const WARMUP = 2;

const ourScript = new URL("../sides/ours.mjs", import.meta.url);
const theirScript = new URL("../sides/pytorch.py", import.meta.url);

export const trainFp32 = {
  name: "train-fp32",
  run: (/** @type {Context} */ context) => throughput("train-fp32", "float32", 1.05, context),
};

export const trainBf16 = {
  name: "train-bf16",
  run: (/** @type {Context} */ context) => throughput("train-bf16", "bfloat16", 1, context),
};

/**
 * @param {string} name
 * @param {"float32" | "bfloat16"} precision
 * @param {number} target
 * @param {Context} context
 */
async function throughput(name, precision, target, { quick, note }) {
  const { rounds, steps } = quick ? { rounds: 2, steps: 1 } : { rounds: 10, steps: 3 };
  const common = { workload, precision, warmup: WARMUP };
  const ours = await startSide(process.execPath, ourScript, common);
  const theirs = await startPyTorch(ours, common, note);
  const sides = new Map([["ours", ours], ...theirs]);
  try {
    const rates = await interleave(sides, rounds, steps);
    for (const [side, rate] of rates) note(`${name}: ${side} ${rate.toFixed(1)} images/s`);
    const others = [...theirs.keys()].map((side) => /** @type {number} */ (rates.get(side)));
    return [
      compare({
        name,
        unit: "images/s",
        ours: /** @type {number} */ (rates.get("ours")),
        theirs: others.length === 0 ? null : Math.max(...others),
        target,
        better: "more",
      }),
    ];
  } finally {
    await Promise.all([...sides.values()].map((side) => side.stop()));
  }
}

/**
 * PyTorch in each memory layout, with our number of threads; nothing where there is no PyTorch.
 * @param {Side} ours
 * @param {object} common
 * @param {(text: string) => void} note
 * @returns {Promise<Map<string, Side>>}
 */
async function startPyTorch({ facts }, common, note) {
  const python = findPyTorch();
  if (python === null) {
    note("PyTorch was not found, so there is nothing to compare with; on Debian: apt-get install python3-torch");
    return new Map();
  }
  note(`ours: libtorch ${facts.version}; theirs: PyTorch ${python.version}; ${facts.threads} threads each`);
  const start = (/** @type {string} */ layout) =>
    startSide(python.program, theirScript, { ...common, layout, threads: facts.threads });
  const sides = new Map();
  for (const layout of ["NCHW", "channels_last"]) sides.set(`PyTorch ${layout}`, await start(layout));
  for (const [name, side] of sides) {
    if (side.facts.parameters === facts.parameters) continue;
    throw new Error(`${name} trains ${side.facts.parameters} parameters, we ${facts.parameters}: another network`);
  }
  return sides;
}

/**
 * Lets the sides take turns, and returns the median rate of each over all of its steps.
 * @param {Map<string, Side>} sides
 * @param {number} rounds
 * @param {number} steps
 * @returns {Promise<Map<string, number>>}
 */
async function interleave(sides, rounds, steps) {
  /** @type {Map<string, number[]>} */
  const seconds = new Map([...sides.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, side] of sides) seconds.get(name)?.push(...(await side.ask(steps)));
  }
  return new Map([...seconds].map(([name, times]) => [name, workload.batchSize / median(times)]));
}
