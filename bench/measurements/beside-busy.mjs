// @ts-check
// A training step on two threads while another process keeps one processor busy: at most twice as long as without it.

import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { startOurs } from "../contestants.mjs";
import { compare, median } from "../measurement.mjs";
import { workload } from "../workload.mjs";

const THREADS = 2;
const ALLOWED = 2;

const contest = {
  workload: { ...workload, width: 16 },
  mode: /** @type {const} */ ("train"),
  precision: /** @type {const} */ ("float32"),
  threads: THREADS,
};

/**
 * The median time of a step beside a process that only counts, against twice that of a step without it. None where the machine has
 * other than two processors.
 * @param {import("../measurement.mjs").Context} context
 */
async function run({ quick, note }) {
  if (availableParallelism() !== THREADS) {
    note(`beside-busy: for machines with ${THREADS} processors; this one has ${availableParallelism()}`);
    return [];
  }
  const ours = await startOurs(contest, 1);
  /** @type {number[]} */
  const alone = [];
  /** @type {number[]} */
  const beside = [];
  try {
    for (let round = 0; round < (quick ? 2 : 10); round++) {
      alone.push(...(await ours.ask(5)).seconds);
      beside.push(...(await besideBusyProcess(() => ours.ask(5))).seconds);
    }
  } finally {
    await ours.stop();
  }
  const [quiet, shared] = [1e3 * median(alone), 1e3 * median(beside)];
  note(
    `beside-busy: a step of ${quiet.toFixed(0)} ms takes ${shared.toFixed(0)} ms, ${(shared / quiet).toFixed(2)} times as long`,
  );
  return [
    compare({ name: "beside-busy", unit: "ms", ours: shared, theirs: ALLOWED * quiet, target: 1, better: "less" }),
  ];
}

/** @template T @param {() => Promise<T>} body */
async function besideBusyProcess(body) {
  const busy = spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" });
  try {
    return await body();
  } finally {
    busy.kill();
  }
}

export const besideBusy = { name: "beside-busy", run };
