// The linear probe with augmentation: a linear layer trained by SGD on what the frozen network makes of crops and mirror images.
import { setImmediate } from "node:timers/promises";
import { batchesOf, epochOrder } from "../../data/index.js";
import type { Shown } from "../../data/loader/batch-views.js";
import { nn, noGrad, optim, scope, type Tensor, tensor } from "../../torch/index.js";
import type { Backbone, LabeledFeatures } from "./features.js";
import { accuracyOf } from "./linear-fixed.js";
import { rowsOf, standardizationOf } from "./standardize.js";

export interface SgdOptions {
  readonly classes: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** The first rate, for batches of 256: others are given lr batchSize / 256. */
  readonly lr: number;
  readonly seed: number;
  readonly device: string;
  /** What an epoch shows of the samples by their positions in the data; null where they are the same in all epochs. */
  readonly views: Pick<Shown, "shown" | "fetch"> | null;
  readonly onEpoch?: (epoch: number, loss: number) => void;
}

/** The samples to learn from: their features without augmentation, and where they are in the data. */
export interface TrainingFeatures extends LabeledFeatures {
  /** By position in the data, in the order of the features. */
  readonly indices: Int32Array;
}

/**
 * Trains a linear layer from zeros on the frozen network's features, which are standardized by the unaugmented training part:
 * SGD with momentum 0.9, no weight decay, a cosine from lr batchSize / 256 to 0, step by step. Returns the last epoch's
 * accuracy on the test part, without augmentation.
 */
export async function probeBySgd(
  backbone: Backbone,
  train: TrainingFeatures,
  test: LabeledFeatures,
  options: SgdOptions,
): Promise<number> {
  const { classes, epochs, batchSize, lr, seed, device } = options;
  const standardize = standardizationOf(train, device);
  const layer = zeroLayer(train.size, classes, device);
  const optimizer = optim.sgd(layer.parameters(), { lr, momentum: 0.9 });
  const rate = optim.cosine({ lr: (lr * batchSize) / 256, epochs });
  const positions = Int32Array.from(train.labels.keys());
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = epochOrder(positions, seed, epoch);
      let total = 0;
      const batches = batchesOf(order, batchSize);
      const samples = batches.map((batch) => batch.map((position) => train.indices[position] as number));
      for (const [step, batch] of batches.entries()) {
        await options.views?.fetch(samples, step, epoch);
        optimizer.lr = rate(epoch + step / batches.length);
        total += scope(() => {
          const features = standardize(augmentedFeatures(backbone, train, batch, epoch, options));
          return trainStep(layer, optimizer, features, labelsOf(train.labels, batch, device));
        });
        await setImmediate();
      }
      options.onEpoch?.(epoch, total / positions.length);
    }
    const logits = scope(() =>
      noGrad(() =>
        layer
          .forward(standardize(rowsOf(test, device)))
          .argmax({ dim: 1 })
          .data(),
      ),
    );
    return accuracyOf(Int32Array.from(logits as BigInt64Array, Number), test.labels);
  } finally {
    optimizer.release();
    for (const held of layer.stateDict().values()) held.release();
  }
}

function zeroLayer(size: number, classes: number, device: string): nn.Linear {
  const layer = new nn.Linear(size, classes).to(device);
  scope(() => noGrad(() => layer.parameters().forEach((parameter) => void parameter.zero_())));
  return layer;
}

/** `batch` counts within the samples learnt from. */
function augmentedFeatures(
  { model, compute }: Backbone,
  { features, size, indices }: TrainingFeatures,
  batch: Int32Array,
  epoch: number,
  { views, device }: SgdOptions,
): Tensor {
  if (views === null) {
    const rows = new Float32Array(batch.length * size);
    batch.forEach((position, i) => void rows.set(features.subarray(position * size, (position + 1) * size), i * size));
    return rowsOf({ features: rows, size }, device);
  }
  const samples = batch.map((position) => indices[position] as number);
  return noGrad(() => compute(() => model.embed(views.shown(samples, epoch)))).to("float32");
}

function labelsOf(labels: Int32Array, batch: Int32Array, device: string): Tensor {
  return tensor(batch.map((position) => labels[position] as number))
    .to("int64")
    .to(device);
}

/** One step; the sum of the samples' losses before it. */
function trainStep(layer: nn.Linear, optimizer: optim.Optimizer, features: Tensor, labels: Tensor): number {
  const loss = layer.forward(features).crossEntropyLoss(labels);
  loss.backward();
  optimizer.step();
  optimizer.zeroGrad();
  return loss.item() * labels.size;
}
