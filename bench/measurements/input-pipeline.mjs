// @ts-check
// The time to prepare a batch: at most one percent of a training step, so that training never waits for data.

import { compare, median } from "../measurement.mjs";
import { startSide } from "../side.mjs";
import { workload } from "../workload.mjs";

const script = new URL("../sides/pipeline.mjs", import.meta.url);
const ALLOWED = 0.01;

/**
 * The time of a batch against its limit, a fraction of a step.
 * @param {import("../measurement.mjs").Context} context
 */
async function run({ quick, note }) {
  const side = await startSide(process.execPath, script, { workload, warmup: 2 });
  try {
    /** @type {{ batch: number, step: number }[]} */
    const turns = [];
    for (let i = 0; i < (quick ? 3 : 20); i++) turns.push(await side.ask(i));
    const [batch, step] = [median(turns.map((turn) => 1e3 * turn.batch)), median(turns.map((turn) => 1e3 * turn.step))];
    note(`input-pipeline: that is ${((100 * batch) / step).toFixed(2)}% of a step in ${side.facts.precision}`);
    return [
      compare({ name: "input-pipeline", unit: "ms", ours: batch, theirs: ALLOWED * step, target: 1, better: "less" }),
    ];
  } finally {
    await side.stop();
  }
}

export const inputPipeline = { name: "input-pipeline", run };
