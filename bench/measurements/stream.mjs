// @ts-check
// Images per second that a core streams from JPEG files to the network, compared with sharp's decoding alone.

import { compare, median } from "../measurement.mjs";
import { startSide } from "../side.mjs";

/** As large as ImageNet's images mostly are, brought to the size that networks take; crops to the same size. */
const workload = { files: 64, height: 375, width: 500, imageSize: 224, batchSize: 64, batches: 4, seed: 0 };

/** @typedef {typeof workload} Workload */

const script = new URL("../sides/stream.mjs", import.meta.url);

/**
 * @param {"whole" | "crops"} inputs
 * @param {number | null} target none for crops, whose work differs from that of the reference
 */
const measurement = (inputs, target) => {
  const name = `stream-${inputs}`;
  /** @param {import("../measurement.mjs").Context} context */
  async function run({ quick }) {
    const side = await startSide(process.execPath, script, { workload, inputs });
    try {
      /** @type {{ ours: number, theirs: number }[]} */
      const turns = [];
      for (let i = 0; i < (quick ? 2 : 8); i++) turns.push(await side.ask(i));
      const [ours, theirs] = [median(turns.map((turn) => turn.ours)), median(turns.map((turn) => turn.theirs))];
      return [compare({ name, unit: "images/s", ours, theirs, target, better: "more" })];
    } finally {
      await side.stop();
    }
  }
  return { name, run };
};

export const stream = [measurement("whole", 0.8), measurement("crops", null)];
