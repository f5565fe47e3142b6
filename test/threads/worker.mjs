// @ts-check
// A thread of its own: trains a small map for some steps, and tells what it holds at the end.
import { parentPort, workerData } from "node:worker_threads";
import { Generator, liveTensors, noGrad, ops, scope } from "../../dist/torch/index.js";

const { seed, steps, forever } = workerData;
const generator = new Generator({ seed });
const inputs = ops.randn([64, 32], { generator });
const weight = ops.randn([32, 48], { generator });
weight.requiresGrad = true;

function step() {
  return scope(() => {
    const loss = inputs.matmul(weight).tanh().square().mean();
    loss.backward();
    noGrad(() => weight.sub_(/** @type {import("../../dist/torch/index.js").Tensor} */ (weight.grad)));
    weight.grad = null;
    return loss.item();
  });
}

const losses = [];
for (let i = 0; i < steps; i++) losses.push(step());
parentPort?.postMessage({ losses, liveTensors: liveTensors() });
while (forever) step();
