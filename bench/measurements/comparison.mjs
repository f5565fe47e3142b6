// @ts-check
// Images or attack steps per second of one workload, compared with PyTorch.

import { kernelsIn } from "../../dist/torch/devices.js";
import { withContestants } from "../contestants.mjs";
import { compare, median } from "../measurement.mjs";

/**
 * @typedef {import("../measurement.mjs").Context} Context
 * @typedef {import("../side.mjs").Side} Side
 * @typedef {import("../workload.mjs").Comparison} Comparison
 */

const WARMUP = 2;

/** The measurement that a row of the table describes. */
export function comparison(/** @type {Comparison} */ row) {
  return { name: row.name, run: (/** @type {Context} */ context) => measure(row, context) };
}

/**
 * @param {Comparison} row
 * @param {Context} context
 */
async function measure(row, { quick, note }) {
  if (row.precision === "bfloat16" && !row.stock && kernelsIn("bfloat16").length === 0) {
    note(`${row.name}: skipped, as this CPU has no AMX: both sides would run the same operators`);
    return [];
  }
  const [rounds, units, warmup] = quick ? [2, 1, 1] : [row.rounds, row.units, WARMUP];
  return withContestants(row, warmup, note, async (ours, theirs) => {
    const sides = new Map([["ours", ours], ...theirs]);
    const rates = await interleave(sides, rounds, units, row);
    for (const [side, rate] of rates) note(`${row.name}: ${side} ${rate.toFixed(1)} ${row.unit}`);
    const others = [...theirs.keys()].map((side) => /** @type {number} */ (rates.get(side)));
    return [
      compare({
        name: row.name,
        unit: row.unit,
        ours: /** @type {number} */ (rates.get("ours")),
        theirs: others.length === 0 ? null : Math.max(...others),
        target: row.target,
        better: "more",
      }),
    ];
  });
}

/**
 * Alternates between the sides, and returns the median rate of each over all of its units.
 * @param {Map<string, Side>} sides
 * @param {number} rounds
 * @param {number} units
 * @param {Comparison} row
 * @returns {Promise<Map<string, number>>}
 */
async function interleave(sides, rounds, units, { mode, unit, workload }) {
  /** @type {Map<string, number[]>} */
  const seconds = new Map([...sides.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, side] of sides) seconds.get(name)?.push(...(await side.ask(units)).seconds);
  }
  const passes = mode === "attack" || mode === "pgd" ? workload.passes : 1;
  const counted = passes * (unit === "steps/s" ? 1 : workload.batchSize);
  return new Map([...seconds].map(([name, times]) => [name, counted / median(times)]));
}
