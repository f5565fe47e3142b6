// @ts-check
// The cost of self-adaptive targets: at most one percent of a training step.

import { compare, median } from "../measurement.mjs";
import { startSide } from "../side.mjs";
import { workload } from "../workload.mjs";

const script = new URL("../sides/objectives.mjs", import.meta.url);

/** A step with them may take this many times as long as one with cross entropy. */
const ALLOWED = 1.01;

/** @param {number} value */
const milliseconds = (value) => value * 1000;

/**
 * Two figures: whole steps, which carry the noise of the machine, and the objective alone against what it may add.
 * @param {import("../measurement.mjs").Context} context
 */
async function run({ quick, note }) {
  const side = await startSide(process.execPath, script, { workload, warmup: 2 });
  try {
    /** @type {Record<string, number>[]} */
    const pairs = [];
    for (let i = 0; i < (quick ? 4 : 60); i++) pairs.push(await side.ask(i));
    const of = (/** @type {string} */ key) => milliseconds(median(pairs.map((pair) => pair[key] ?? Number.NaN)));
    const added = milliseconds(median(pairs.map(({ satAlone = 0, ceAlone = 0 }) => satAlone - ceAlone)));
    note(
      `target-cost: alone, forward and backward: ce ${of("ceAlone").toFixed(3)} ms, sat ${of("satAlone").toFixed(3)} ms`,
    );
    note(`target-cost: that is ${((100 * added) / of("ce")).toFixed(2)}% of a step in ${side.facts.precision}`);
    const shared = { unit: "ms", better: /** @type {const} */ ("less") };
    return [
      compare({ name: "sat-step", ...shared, ours: of("sat"), theirs: of("ce"), target: 1 / ALLOWED }),
      compare({ name: "sat-added", ...shared, ours: added, theirs: (ALLOWED - 1) * of("ce"), target: 1 }),
    ];
  } finally {
    await side.stop();
  }
}

export const targetCost = { name: "target-cost", run };
