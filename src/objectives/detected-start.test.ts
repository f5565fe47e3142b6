import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { softmax } from "../../test/support/plain-softmax.js";
import { tensor } from "../torch/index.js";
import { crossEntropy, selfAdaptive, withDetectedStart } from "./index.js";

const labels = [0, 2, 1, 3];
const classes = 4;
const momentum = 0.8;
const oneHot = (label: number) => Array.from({ length: classes }, (_, j) => Number(j === label));
/** Logits of all samples but the last, which is never visited before the start. */
const logitsAt = (epoch: number) => [0, 1, 2].map((i) => [0, 1, 2, 3].map((j) => Math.sin(7 * epoch + 3 * i + j)));

function searching(start: { epoch: number }) {
  const moving = { momentum, startEpoch: () => start.epoch };
  return withDetectedStart(selfAdaptive({ ...moving, labels, classes, dtype: "float64" }), moving);
}

function visit(objective: ReturnType<typeof searching>, epoch: number) {
  const logits = tensor(logitsAt(epoch), { dtype: "float64", requiresGrad: true });
  const loss = objective.loss(logits, { labels: [0, 2, 1], index: [0, 1, 2], epoch });
  loss.backward();
  return { loss: loss.item(), gradient: logits.grad?.toArray() as number[][] };
}

/** The weighted predictions of the epochs before the start, their weights summing to 1. */
function averagePrediction(sample: number, epochs: number): number[] {
  const weights = Array.from({ length: epochs }, (_, e) => momentum ** (epochs - 1 - e));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Array.from({ length: classes }, (_, j) =>
    weights.reduce((sum, weight, e) => sum + (weight / total) * softmax(logitsAt(e)[sample]!)[j]!, 0),
  );
}

describe("a start that is found while training", () => {
  it("is looked for by cross entropy with the labels", () => {
    const objective = searching({ epoch: Number.POSITIVE_INFINITY });
    for (let epoch = 0; epoch < 3; epoch++) {
      const logits = tensor(logitsAt(epoch), { dtype: "float64" });
      const batch = { labels: [0, 2, 1], index: [0, 1, 2], epoch };
      expectAllClose(visit(objective, epoch).loss, crossEntropy().loss(logits, batch), { rtol: 1e-12 });
    }
    expectAllClose(objective.targets, labels.map(oneHot), { rtol: 0, atol: 0 });
  });

  it("finds targets halfway between the label and the average prediction; at the label where there was none", () => {
    const start = { epoch: Number.POSITIVE_INFINITY };
    const objective = searching(start);
    for (let epoch = 0; epoch < 5; epoch++) visit(objective, epoch);
    start.epoch = 5;
    const { loss } = visit(objective, 5);
    const averages = [0, 1, 2].map((i) => averagePrediction(i, 5));
    const halfway = averages.map((row, i) => row.map((value, j) => (oneHot(labels[i]!)[j]! + value) / 2));
    const p = logitsAt(5).map(softmax);
    const moved = halfway.map((row, i) => row.map((value, j) => momentum * value + (1 - momentum) * p[i]![j]!));
    expectAllClose(objective.targets, [...moved, oneHot(3)], { rtol: 1e-9, atol: 1e-12 });
    const held = selfAdaptive({ labels, classes, startEpoch: 0, momentum: 1, dtype: "float64" });
    held.load(new Map([["targets", objective.targets]]));
    const same = held.loss(tensor(logitsAt(5), { dtype: "float64" }), {
      labels: [0, 2, 1],
      index: [0, 1, 2],
      epoch: 5,
    });
    expectAllClose(loss, same, { rtol: 1e-12 });
  });

  it("averages a sample over its own visits, as many as balanced sampling makes in an epoch", () => {
    const start = { epoch: Number.POSITIVE_INFINITY };
    const objective = searching(start);
    for (let epoch = 0; epoch < 3; epoch++) {
      for (const index of [0, 0, 0, 1]) {
        const logits = tensor([logitsAt(epoch)[index]!], { dtype: "float64" });
        objective.loss(logits, { labels: [labels[index]!], index: [index], epoch });
      }
    }
    start.epoch = 3;
    objective.beginEpoch?.(3);
    // Three visits with each prediction: the average gives an epoch the weight m^3 of the one after it.
    const weights = [momentum ** 6, momentum ** 3, 1];
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const often = oneHot(0).map(
      (y, j) => (y + weights.reduce((sum, w, e) => sum + (w / total) * softmax(logitsAt(e)[0]!)[j]!, 0)) / 2,
    );
    const once = averagePrediction(1, 3).map((value, j) => (oneHot(2)[j]! + value) / 2);
    expectAllClose(objective.targets, [often, once, oneHot(1), oneHot(3)], { rtol: 1e-9, atol: 1e-12 });
  });

  it("is begun once, also when the run is stopped and gone on with after it", () => {
    const [whole, start] = [searching({ epoch: 2 }), { epoch: 2 }];
    for (let epoch = 0; epoch < 5; epoch++) visit(whole, epoch);
    const first = searching(start);
    for (let epoch = 0; epoch < 3; epoch++) visit(first, epoch);
    const second = searching(start);
    second.load(first.state());
    for (let epoch = 3; epoch < 5; epoch++) visit(second, epoch);
    expectAllClose(second.targets, whole.targets, { rtol: 0, atol: 0 });
    const early = searching(start);
    visit(early, 0);
    const later = searching(start);
    later.load(early.state());
    for (let epoch = 1; epoch < 5; epoch++) visit(later, epoch);
    expectAllClose(later.targets, whole.targets, { rtol: 0, atol: 0 });
  });

  it("at epoch 0 is self-adaptive training as it is", () => {
    const plain = selfAdaptive({ labels, classes, startEpoch: 0, momentum, dtype: "float64" });
    const found = searching({ epoch: 0 });
    const batch = { labels: [0, 2, 1], index: [0, 1, 2], epoch: 0 };
    const loss = plain.loss(tensor(logitsAt(0), { dtype: "float64" }), batch);
    expect(visit(found, 0).loss).toBe(loss.item());
    expectAllClose(found.targets, plain.targets, { rtol: 0, atol: 0 });
  });
});
