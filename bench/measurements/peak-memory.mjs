// @ts-check
// Peak memory of training compared with PyTorch: of the full process, and above that before the first step.

import { withContestants } from "../contestants.mjs";
import { compare } from "../measurement.mjs";
import { comparisons } from "../workload.mjs";

/**
 * @typedef {import("../measurement.mjs").Measurement} Measurement
 * @typedef {import("../side.mjs").Side} Side
 */

/** The network, in a precision, and PyTorch in one layout. */
const contestIn = (/** @type {"bfloat16" | "float32"} */ precision) => ({
  .../** @type {typeof comparisons[number]} */ (comparisons[0]),
  layouts: [/** @type {const} */ ("channels_last")],
  precision,
});

/** @param {number} bytes */
const mebibytes = (bytes) => bytes / 2 ** 20;

/**
 * Two figures if the operating system reports a process's peak (Linux), else none.
 * @param {string} name
 * @param {"bfloat16" | "float32"} precision
 * @param {import("../measurement.mjs").Context} context
 * @returns {Promise<Measurement[]>}
 */
async function measure(name, precision, { quick, note }) {
  const steps = quick ? 2 : 20;
  return withContestants(contestIn(precision), 0, note, async (ours, theirs) => {
    const [us, them] = [await sizes(ours, steps), await sizes([...theirs.values()][0], steps)];
    if (us === null) note(`${name}: this system does not tell a process's peak memory`);
    if (us === null) return [];
    const shared = { unit: "MB", target: 1, better: /** @type {const} */ ("less") };
    return [
      compare({ name, ...shared, ours: us.peak, theirs: them?.peak ?? null }),
      compare({ name: `${name}-added`, ...shared, ours: us.added, theirs: them?.added ?? null }),
    ];
  });
}

/**
 * The peak of a side's process after `steps` steps, and how much of it came after the first step began.
 * @param {Side | undefined} side
 * @param {number} steps
 */
async function sizes(side, steps) {
  const peak = (await side?.ask(steps))?.peakBytes ?? null;
  if (side === undefined || peak === null) return null;
  return { peak: mebibytes(peak), added: mebibytes(peak - Number(side.facts.startBytes)) };
}

const measurement = (/** @type {string} */ name, /** @type {"bfloat16" | "float32"} */ precision) => ({
  name,
  run: (/** @type {import("../measurement.mjs").Context} */ context) => measure(name, precision, context),
});

export const peakMemory = [measurement("peak-memory", "bfloat16"), measurement("peak-memory-fp32", "float32")];
