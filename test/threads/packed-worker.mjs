// @ts-check
// A thread of its own: trains a small network on packed kernels, and tells the losses and the sums of its weights.
import { parentPort, workerData } from "node:worker_threads";
import { createModel } from "../../dist/models/index.js";
import { Generator, nn, noGrad, ops, optim, scope } from "../../dist/torch/index.js";

const { seed, steps, kernels } = workerData;
const generator = new Generator({ seed });
const model = createModel("resnet18", { classes: 4, width: 4, imageSize: 16 }).to("channels_last");
// All drawn anew, because the default random stream belongs to all threads.
noGrad(() => {
  for (const weight of model.parameters()) {
    weight.copy_(
      ops
        .randn(weight.shape, { generator })
        .mul(0.1)
        .add(weight.shape.length === 1 ? 1 : 0),
    );
  }
});
const images = ops.randn([33, 3, 16, 16], { generator });
const labels = ops.randint(4, [33], { generator });
const optimizer = optim.sgd(model.parameters(), { lr: 0.005, momentum: 0.9 });

function step() {
  return scope(() => {
    const logits = nn.withKernels(kernels, () => nn.withPrecision("bfloat16", () => model.forward(images)));
    const loss = ops.crossEntropyLoss(logits.to("float32"), labels);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss.item();
  });
}

const losses = [];
for (let i = 0; i < steps; i++) losses.push(step());
const sums = scope(() => model.parameters().map((weight) => weight.sum().item()));
parentPort?.postMessage({ losses, sums });
