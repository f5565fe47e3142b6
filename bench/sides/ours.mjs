// @ts-check
// Our side of the throughput comparison: a request is a number of steps, the answer their times in seconds.

import { crossEntropy } from "../../dist/objectives/index.js";
import { libtorchVersion, threads } from "../../dist/torch/index.js";
import { config, serve } from "./serve.mjs";
import { createTraining } from "./training.mjs";

const { workload, precision, warmup } = config;
const training = createTraining(workload, precision);
const objective = crossEntropy();
const run = (/** @type {number} */ steps) => Array.from({ length: steps }, () => training.seconds(objective));

run(warmup);
await serve({ version: libtorchVersion(), threads: threads(), parameters: training.parameters }, run);
