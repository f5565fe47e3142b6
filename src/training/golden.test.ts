// The authors' own training run, 48 steps on 512 images of CIFAR-10 in float64, from their weights in their order.
import { readFileSync } from "node:fs";
import sharp from "sharp";
import { expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { fixture } from "../../test/support/golden.js";
import { imagesOf } from "../../test/support/images-of.js";
import { createLoader, type Samples } from "../data/index.js";
import { evaluateModel } from "../evaluation/evaluate.js";
import { createModel, loadWeights } from "../models/index.js";
import { selfAdaptive } from "../objectives/index.js";
import { noGrad, optim, scope } from "../torch/index.js";
import { readSafetensors } from "../torch/serialization/index.js";

interface Golden {
  readonly batch_size: number;
  readonly lr: number;
  readonly momentum: number;
  readonly weight_decay: number;
  readonly sat: { readonly momentum: number; readonly start_epoch: number };
  readonly noisy_labels: number[];
  readonly clean_labels: number[];
  readonly orders: number[][];
  readonly steps: { readonly epoch: number; readonly lr: number; readonly loss: number }[];
  readonly targets_after: number[][];
  readonly train_accuracy_clean: number;
  readonly eval_logits_first8: number[][];
}

const file = (name: string) => fixture(`golden/training/${name}`);
const exactly = { rtol: 1e-8, atol: 1e-8 };
const [images, side, across] = [512, 32, 16];

/** The images stand 16 a row on one picture. */
async function readSamples(labels: Int32Array): Promise<Samples> {
  const { data } = await sharp(file("images.webp")).raw().toBuffer({ resolveWithObject: true });
  const values = new Uint8Array(images * 3 * side * side);
  for (let at = 0; at < values.length; at++) {
    const [x, y] = [at % side, Math.floor(at / side) % side];
    const channel = Math.floor(at / side ** 2) % 3;
    const image = Math.floor(at / (3 * side ** 2));
    const [left, top] = [(image % across) * side, Math.floor(image / across) * side];
    values[at] = data[((top + y) * across * side + left + x) * 3 + channel] as number;
  }
  return { values, shape: [3, side, side], labels };
}

function storedNumbers(path: string): Map<string, Float64Array> {
  const { tensors } = readSafetensors(new Uint8Array(readFileSync(path)), path);
  return new Map([...tensors].map(([name, { bytes }]) => [name, new Float64Array(bytes.slice().buffer)]));
}

const sumsOf = (values: Float64Array) => [
  values.reduce((sum, value) => sum + value, 0),
  values.reduce((sum, value) => sum + value * value, 0),
];

it("takes the 48 steps of the authors' own run: losses, rates, targets, weights and answers to 1e-8", async () => {
  const golden = JSON.parse(readFileSync(file("training.json"), "utf8")) as Golden;
  const labels = Int32Array.from(golden.noisy_labels);
  const loader = createLoader({
    samples: await readSamples(labels),
    normalization: { mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.201] },
    device: "cpu",
    dtype: "float64",
  });
  const model = createModel("resnet18", { classes: 10, width: 8, imageSize: side });
  await loadWeights(model, file("init.safetensors"));
  model.to("float64");
  const { momentum, start_epoch: startEpoch } = golden.sat;
  const sat = selfAdaptive({ labels, classes: 10, momentum, startEpoch, dtype: "float64" });
  const { lr, weight_decay: weightDecay } = golden;
  const optimizer = optim.sgd(model.parameters(), { lr, momentum: golden.momentum, weightDecay });
  const rate = optim.cosine({ lr, epochs: golden.orders.length });

  const steps: Golden["steps"][number][] = [];
  for (const [epoch, order] of golden.orders.entries()) {
    optimizer.lr = rate(epoch);
    const batches = { indices: Int32Array.from(order), batchSize: golden.batch_size, epoch };
    for await (const batch of loader.batches(batches)) {
      scope(() => {
        const loss = sat.loss(model.forward(batch.images), batch);
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
        steps.push({ epoch, lr: optimizer.lr, loss: loss.item() });
      });
    }
  }

  expect(steps.map(({ epoch }) => epoch)).toEqual(golden.steps.map(({ epoch }) => epoch));
  for (const figure of ["lr", "loss"] as const) {
    const of = (list: Golden["steps"]) => list.map((step) => step[figure]);
    expectAllClose(of(steps), of(golden.steps), exactly);
  }
  expectAllClose(sat.targets, golden.targets_after, exactly);

  const expected = storedNumbers(file("final-sampled.safetensors"));
  const weights = [...model.stateDict()].filter(([, tensor]) => tensor.dtype === "float64");
  expect(2 * weights.length).toBe(expected.size);
  for (const [name, tensor] of weights) {
    const values = tensor.data() as Float64Array;
    const eighths = values.filter((_, i) => i % 8 === 0);
    expectAllClose(eighths, expected.get(`${name}.every8th`) as Float64Array, exactly);
    expectAllClose(sumsOf(values), expected.get(`${name}.sums`) as Float64Array, exactly);
  }

  const indices = Int32Array.from(labels.keys());
  const clean = Int32Array.from(golden.clean_labels);
  const { accuracy } = await evaluateModel({
    model,
    loader,
    indices,
    labels: clean,
    classes: 10,
    compute: (body) => body(),
  });
  expect(accuracy).toBe(golden.train_accuracy_clean);
  const first = await imagesOf(loader, indices.subarray(0, golden.eval_logits_first8.length));
  const answer = () => model.eval().forward(first);
  scope(() => expectAllClose(noGrad(answer), golden.eval_logits_first8, exactly));
}, 180_000);
