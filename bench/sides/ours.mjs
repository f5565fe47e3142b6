// @ts-check
// Our side of a comparison: a request is a number of units of work; the answer is their times in seconds, and the most
// memory that the process has held so far.

import { chooseKernels, libtorchVersion, setThreads, threads } from "../../dist/torch/index.js";
import { memory } from "./process-memory.mjs";
import { config, serve } from "./serve.mjs";
import { works } from "./work.mjs";

/** @type {{ workload: import("../workload.mjs").Workload, mode: keyof typeof works, precision: "float32" | "bfloat16", warmup: number, threads?: number }} */
const { workload, mode, precision, warmup, threads: wanted } = config;
if (wanted !== undefined) setThreads(wanted);
const { parameters, unit } = works[mode](workload, precision);

/** One thread is timed by the processor, so that other work on the machine counts little. */
const clock = threads() === 1 ? busySeconds : () => performance.now() / 1000;

function busySeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** The seconds of each unit. */
function run(/** @type {number} */ units) {
  return Array.from({ length: units }, () => {
    const began = clock();
    unit();
    return clock() - began;
  });
}

const startBytes = memory("VmRSS");
run(warmup);
const kernels = chooseKernels("auto", "cpu", precision);
await serve({ version: libtorchVersion(), threads: threads(), kernels, parameters, startBytes }, (units) => ({
  seconds: run(units),
  peakBytes: memory("VmHWM"),
}));
