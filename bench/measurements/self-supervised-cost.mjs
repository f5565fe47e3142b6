// @ts-check
// A self-adaptive self-supervised step compared with one of BYOL: one view instead of two.

import { compare, median } from "../measurement.mjs";
import { startSide } from "../side.mjs";

const script = new URL("../sides/pretraining.mjs", import.meta.url);

/** The largest fraction of BYOL's time and memory that a self-adaptive step may take. */
const ALLOWED = 0.6;

const workload = { width: 16, batchSize: 256 };

/**
 * Two figures: a step's median time, and the peak of the process beyond what it held before the first step.
 * @param {import("../measurement.mjs").Context} context
 */
async function run({ quick, note }) {
  const start = (/** @type {string} */ objective) => startSide(process.execPath, script, { ...workload, objective });
  const sides = [await start("sat-ssl"), await start("byol")];
  try {
    const seconds = sides.map(() => /** @type {number[]} */ ([]));
    const peaks = sides.map(() => 0);
    for (let round = 0; round < (quick ? 2 : 8); round++) {
      for (const [i, side] of sides.entries()) {
        // No more steps than an epoch has after the one that does not count: nothing is evaluated.
        const taken = await side.ask(2);
        seconds[i]?.push(...taken.seconds);
        peaks[i] = taken.peakBytes === null ? 0 : (taken.peakBytes - Number(side.facts.startBytes)) / 2 ** 20;
      }
    }
    const [ours = 0, theirs = 0] = seconds.map((values) => 1000 * median(values));
    const [ourPeak = 0, theirPeak = 0] = peaks;
    note(`self-supervised-cost: step ${ours.toFixed(0)} ms, BYOL's ${theirs.toFixed(0)} ms`);
    const shared = { target: 1 / ALLOWED, better: /** @type {const} */ ("less") };
    const time = compare({ name: "sat-ssl-step", unit: "ms", ours, theirs, ...shared });
    if (theirPeak === 0) return [time];
    return [time, compare({ name: "sat-ssl-memory", unit: "MB", ours: ourPeak, theirs: theirPeak, ...shared })];
  } finally {
    for (const side of sides) await side.stop();
  }
}

export const selfSupervisedCost = { name: "self-supervised-cost", run };
