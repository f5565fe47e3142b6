// @ts-check
// What the packed kernels could do at best: facts are the operations and bytes of a training step, an answer is the rate
// and the bandwidth of this machine now.

import { kernelsIn } from "../../dist/torch/index.js";
import { native } from "../../dist/torch/native.js";
import { stepBytes, stepOperations, winogradMultiplyAdds } from "../cost.mjs";
import { createNetwork } from "./data.mjs";
import { convolutionsOf } from "./recorded.mjs";
import { config, serve } from "./serve.mjs";

/** @type {{ workload: import("../workload.mjs").Workload, precision: "float32" | "bfloat16" }} */
const { workload, precision } = config;
const kernels = kernelsIn(precision)[0] ?? "";
const model = createNetwork(workload);
const convolutions = convolutionsOf(model, [1, 3, workload.imageSize, workload.imageSize]);
const parameters = model.parameters().reduce((sum, { size }) => sum + size, 0);
const operations = stepOperations(
  convolutions,
  workload.batchSize,
  precision === "float32" ? winogradMultiplyAdds : undefined,
);
const bytes = stepBytes(convolutions, workload.batchSize, parameters, precision === "float32" ? 4 : 2);

await serve({ kernels, operations, bytes }, () => ({
  rate: native.packedRate(kernels),
  bandwidth: native.copyBandwidth(),
}));
