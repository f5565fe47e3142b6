// @ts-check
// Our side of a comparison: a request is a number of units of work; the answer is their times in seconds, and the most
// memory that the process has held so far.

import { chooseKernels, libtorchVersion, threads } from "../../dist/torch/index.js";
import { secondsOf } from "./data.mjs";
import { memory } from "./process-memory.mjs";
import { config, serve } from "./serve.mjs";
import { works } from "./work.mjs";

/** @type {{ workload: import("../workload.mjs").Workload, mode: keyof typeof works, precision: "float32" | "bfloat16", warmup: number }} */
const { workload, mode, precision, warmup } = config;
const { parameters, unit } = works[mode](workload, precision);
const run = (/** @type {number} */ units) => Array.from({ length: units }, () => secondsOf(unit));

const startBytes = memory("VmRSS");
run(warmup);
const kernels = chooseKernels("auto", "cpu", precision);
await serve({ version: libtorchVersion(), threads: threads(), kernels, parameters, startBytes }, (units) => ({
  seconds: run(units),
  peakBytes: memory("VmHWM"),
}));
