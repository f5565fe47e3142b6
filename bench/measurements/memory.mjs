// @ts-check
// Detects memory leaks in a long run: the resident size and the number of tensors from step 200 to the end.

import { compare } from "../measurement.mjs";
import { startSide } from "../side.mjs";

const script = new URL("../sides/long-run.mjs", import.meta.url);
const FIRST = 200;
const EVERY = 50;

/** The resident size may grow by this factor. */
const ALLOWED = 1.02;

/** @param {number} bytes */
const mebibytes = (bytes) => bytes / 2 ** 20;

/**
 * The most that was held after the first mark, against what was held there.
 * @param {import("../measurement.mjs").Context} context
 */
async function run({ quick, note }) {
  const steps = quick ? 600 : 5000;
  const side = await startSide(process.execPath, script, { steps, every: EVERY, width: 8, batchSize: 32 });
  await side.stop();
  const samples = /** @type {{ step: number, bytes: number, tensors: number }[]} */ (side.facts.samples);
  const first = samples.find(({ step }) => step === FIRST);
  if (first === undefined) throw new Error(`the long run left no figures of step ${FIRST}`);
  const later = samples.filter(({ step }) => step > FIRST);
  const most = (/** @type {"bytes" | "tensors"} */ key) => Math.max(...later.map((sample) => sample[key]));
  const last = later.at(-1);
  note(
    `memory: ${mebibytes(first.bytes).toFixed(1)} MB at step ${FIRST}, ${mebibytes(last?.bytes ?? 0).toFixed(1)} at step ${last?.step}`,
  );
  const shared = { better: /** @type {const} */ ("less") };
  const sizes = { ours: mebibytes(most("bytes")), theirs: mebibytes(first.bytes) };
  const tensors = { ours: most("tensors"), theirs: first.tensors };
  return [
    compare({ name: "memory-resident", unit: "MB", ...sizes, ...shared, target: 1 / ALLOWED }),
    compare({ name: "memory-tensors", unit: "tensors", ...tensors, ...shared, target: 1 }),
  ];
}

export const memory = { name: "memory", run };
