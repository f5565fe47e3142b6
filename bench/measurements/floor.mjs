// @ts-check
// How near a training step of ResNet-18 comes to what the machine allows: operations over the rate and bytes over the
// bandwidth, both measured in turns with the steps.

import { startOurs } from "../contestants.mjs";
import { compare, median } from "../measurement.mjs";
import { startSide } from "../side.mjs";
import { comparisons } from "../workload.mjs";

const machineScript = new URL("../sides/machine.mjs", import.meta.url);

/**
 * @typedef {import("../workload.mjs").Comparison} Comparison
 * @typedef {{ name: string, contest: Comparison, target: number }} Floor target is our share of the floor
 */

/**
 * Two figures where packed kernels run, else none: the step against the floor if all memory traffic overlaps with the
 * operations, and against the floor if none of it does.
 * @param {Floor} floor
 * @param {import("../measurement.mjs").Context} context
 * @returns {Promise<import("../measurement.mjs").Measurement[]>}
 */
async function measure({ name, contest, target }, { quick, note }) {
  const machine = await startSide(process.execPath, machineScript, contest);
  if (machine.facts.kernels === "") {
    note(`${name}: this CPU or build has no packed kernels, whose floor it is`);
    await machine.stop();
    return [];
  }
  const ours = await startOurs(contest, quick ? 1 : 2);
  try {
    const { step, rate, bandwidth } = await interleave(machine, ours, quick ? 2 : contest.rounds, contest.units);
    const { operations, bytes } = /** @type {{ operations: number, bytes: number }} */ (machine.facts);
    const [compute, traffic] = [operations / rate, bytes / bandwidth];
    note(`${name}: ${machine.facts.kernels}: ${line(operations, 1e9, "GFLOP", rate, compute)}`);
    note(`${name}: ${line(bytes, 1e6, "MB", bandwidth, traffic)}`);
    const shared = { unit: "ms", ours: 1e3 * step, target, better: /** @type {const} */ ("less") };
    return [
      compare({ name: `${name}-operations`, ...shared, theirs: 1e3 * compute }),
      compare({ name: `${name}-with-traffic`, ...shared, theirs: 1e3 * (compute + traffic) }),
    ];
  } finally {
    await Promise.all([machine, ours].map((side) => side.stop()));
  }
}

const milliseconds = (/** @type {number} */ seconds) => `${(1e3 * seconds).toFixed(1)} ms`;

/**
 * @param {number} amount
 * @param {number} scale
 * @param {string} unit
 * @param {number} rate
 * @param {number} seconds
 */
function line(amount, scale, unit, rate, seconds) {
  return `${(amount / scale).toFixed(0)} ${unit} at ${(rate / scale).toFixed(0)} ${unit}/s: ${milliseconds(seconds)}`;
}

/**
 * Lets the machine's speeds and our steps take turns, and returns the median of each.
 * @param {import("../side.mjs").Side} machine
 * @param {import("../side.mjs").Side} ours
 * @param {number} rounds
 * @param {number} units
 */
async function interleave(machine, ours, rounds, units) {
  /** @type {{ rate: number, bandwidth: number, seconds: number[] }[]} */
  const turns = [];
  for (let round = 0; round < rounds; round++) {
    turns.push({ ...(await machine.ask(null)), ...(await ours.ask(units)) });
  }
  return {
    step: median(turns.flatMap(({ seconds }) => seconds)),
    rate: median(turns.map(({ rate }) => rate)),
    bandwidth: median(turns.map(({ bandwidth }) => bandwidth)),
  };
}

/** The floor of the comparison with that name. */
const floor = (/** @type {string} */ name, /** @type {string} */ of, /** @type {number} */ target) => {
  const contest = /** @type {Comparison} */ (comparisons.find((comparison) => comparison.name === of));
  return {
    name,
    run: (/** @type {import("../measurement.mjs").Context} */ context) => measure({ name, contest, target }, context),
  };
};

export const floors = [floor("floor", "train-bf16-resnet18", 0.45), floor("floor-fp32", "train-fp32", 0.6)];
