// @ts-check
// The cost of the per-sample history: at most one percent of a step, and 32 bytes per sample and epoch.

import { compare, median } from "../measurement.mjs";
import { startSide } from "../side.mjs";
import { workload } from "../workload.mjs";

const script = new URL("../sides/record.mjs", import.meta.url);
const ALLOWED = 0.01;
const ALLOWED_BYTES = 32;

/**
 * The time to compute and write a batch's rows, and the bytes of a row, each against its limit.
 * @param {import("../measurement.mjs").Context} context
 */
async function run({ quick, note }) {
  const side = await startSide(process.execPath, script, { workload, warmup: 2 });
  try {
    /** @type {{ record: number, step: number }[]} */
    const turns = [];
    for (let i = 0; i < (quick ? 3 : 20); i++) turns.push(await side.ask(i));
    const of = (/** @type {"record" | "step"} */ key) => median(turns.map((turn) => 1e3 * turn[key]));
    const [record, step] = [of("record"), of("step")];
    note(`sample-record: that is ${((100 * record) / step).toFixed(2)}% of a step in ${side.facts.precision}`);
    const less = /** @type {const} */ ("less");
    return [
      compare({ name: "sample-record", unit: "ms", ours: record, theirs: ALLOWED * step, target: 1, better: less }),
      compare({
        name: "sample-record-size",
        unit: "bytes",
        ours: Number(side.facts.bytes),
        theirs: ALLOWED_BYTES,
        target: 1,
        better: less,
      }),
    ];
  } finally {
    await side.stop();
  }
}

export const sampleRecord = { name: "sample-record", run };
