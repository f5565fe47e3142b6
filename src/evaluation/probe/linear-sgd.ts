// The linear probe with augmentation: a linear layer trained by SGD on frozen features of crops and mirror images.
import { setImmediate } from "node:timers/promises";
import { type BatchSource, batchBounds, batchesOf, epochOrder } from "../../data/index.js";
import { distributed, nn, noGrad, optim, scope, type Tensor, tensor } from "../../torch/index.js";
import type { Backbone, LabeledFeatures } from "./features.js";
import { accuracyOf } from "./linear-fixed.js";
import { rowsOf, standardizationOf } from "./standardize.js";

export interface SgdOptions {
  readonly classes: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** Initial learning rate for batches of 256; scaled by batchSize / 256 for others. */
  readonly lr: number;
  readonly seed: number;
  readonly device: string;
  /** The augmented samples of an epoch; null without augmentation. */
  readonly views: BatchSource | null;
  readonly onEpoch?: (epoch: number, loss: number) => void;
}

/** The training samples: their features without augmentation, and their indices in the data. */
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
  const steps = batchBounds(positions.length, batchSize).length;
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = epochOrder(positions, seed, epoch);
      let total = 0;
      for await (const { step, features, labels } of featureBatches(backbone, train, order, epoch, options)) {
        optimizer.lr = rate(epoch + step / steps);
        const classNumbers = () => tensor(labels).to("int64").to(device);
        total += scope(() => trainStep(layer, optimizer, standardize(features()), classNumbers()));
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

/** A batch of the probe; its features are made in the scope that is open. */
interface FeatureBatch {
  readonly step: number;
  readonly features: () => Tensor;
  readonly labels: Int32Array;
}

/** The batches of an epoch, of augmented samples where there are some; `order` is of positions within `train`. */
async function* featureBatches(
  { model, compute, group = distributed.soloGroup }: Backbone,
  { features, size, indices, labels }: TrainingFeatures,
  order: Int32Array,
  epoch: number,
  { views, batchSize, device }: SgdOptions,
): AsyncGenerator<FeatureBatch, void, undefined> {
  if (views !== null) {
    const samples = order.map((position) => indices[position] as number);
    const { rank, world } = group;
    for await (const batch of views.batches({ indices: samples, batchSize, epoch, share: { rank, world, parts: 1 } })) {
      const { step, labels: own } = batch;
      const embedded = () =>
        noGrad(() => compute(() => model.embed(batch.images)))
          .to("float32")
          .data() as Float32Array;
      const rows = await distributed.gatherValues(group, own.length === 0 ? new Float32Array() : scope(embedded));
      const labels = await distributed.gatherValues(group, own);
      yield { step, labels, features: () => rowsOf({ features: rows, size }, device) };
    }
    return;
  }
  for (const [step, batch] of batchesOf(order, batchSize).entries()) {
    const rows = new Float32Array(batch.length * size);
    batch.forEach((position, i) => void rows.set(features.subarray(position * size, (position + 1) * size), i * size));
    const own = batch.map((position) => labels[position] as number);
    yield { step, labels: own, features: () => rowsOf({ features: rows, size }, device) };
  }
}

/** One step; the sum of the samples' losses before it. */
function trainStep(layer: nn.Linear, optimizer: optim.Optimizer, features: Tensor, labels: Tensor): number {
  const loss = layer.forward(features).crossEntropyLoss(labels);
  loss.backward();
  optimizer.step();
  optimizer.zeroGrad();
  return loss.item() * labels.size;
}
