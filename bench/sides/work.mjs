// @ts-check
// The units of work on our side, by mode.

import { pgd as pgdAttack } from "../../dist/attacks/index.js";
import { crossEntropy, selfAdaptive } from "../../dist/objectives/index.js";
import { grad, keep, nn, noGrad, scope } from "../../dist/torch/index.js";
import { createNetwork, randomBatches } from "./data.mjs";
import { createTraining } from "./training.mjs";

/**
 * @typedef {import("../workload.mjs").Workload} Workload
 * @typedef {"float32" | "bfloat16"} Precision
 * @typedef {import("../../dist/torch/index.js").Tensor} Tensor
 * @typedef {{ parameters: number, unit: () => void }} Work
 */

/** A training step with self-adaptive targets that move. @type {(workload: Workload, precision: Precision) => Work} */
function train(workload, precision) {
  const training = createTraining(workload, precision);
  const { classes, targetMomentum } = workload;
  const objective = selfAdaptive({ labels: training.labels, classes, momentum: targetMomentum, startEpoch: 0 });
  return { parameters: training.parameters, unit: () => training.step(objective) };
}

/** A network in evaluation; `unit` does its work on the next batch. */
function evaluating(
  /** @type {Workload} */ workload,
  /** @type {(model: nn.Module, batch: import("./data.mjs").Batch) => void} */ body,
) {
  const model = createNetwork(workload).eval();
  const batches = randomBatches(workload);
  const parameters = model.parameters().reduce((sum, { size }) => sum + size, 0);
  let next = 0;
  const batch = () => /** @type {typeof batches[number]} */ (batches[next++ % batches.length]);
  return { parameters, unit: () => scope(() => body(model, batch())) };
}

/** The classes that a batch is predicted to be. @type {(workload: Workload, precision: Precision) => Work} */
function infer(workload, precision) {
  return evaluating(workload, (model, { images }) => {
    noGrad(() => nn.withPrecision(precision, () => model.forward(images)).argmax({ dim: 1 })).data();
  });
}

/** Several small steps uphill from a batch's images. @type {(workload: Workload, precision: Precision) => Work} */
function attack(workload, precision) {
  const { passes, stepSize } = workload;
  const objective = crossEntropy();
  return evaluating(workload, (model, { images, labels, index }) => {
    let current = images;
    for (let pass = 0; pass < passes; pass++) {
      current = scope(() => {
        const input = current.detach();
        input.requiresGrad = true;
        const logits = nn.withPrecision(precision, () => model.forward(input));
        const [gradient] = grad(objective.loss(logits, { labels, index, epoch: 0 }), input);
        if (!gradient) throw new Error("the images have no gradient");
        return noGrad(() => input.add(gradient.sign(), { alpha: stepSize }));
      });
    }
  });
}

/** PGD on a batch that the network answers rightly. @type {(workload: Workload, precision: Precision) => Work} */
function pgd(workload, precision) {
  const { passes: steps, epsilon, stepSize } = workload;
  const attack = pgdAttack({ ball: { norm: "inf", epsilon }, steps, stepSize, answer: "last" });
  const answers = new Map();
  return evaluating(workload, (model, { images, index }) => {
    const pixels = images.sigmoid();
    const classifier = (/** @type {Tensor} */ x) => nn.withPrecision(precision, () => model.forward(x));
    const labels = answers.get(index) ?? keep(noGrad(() => classifier(pixels).argmax({ dim: 1 })));
    answers.set(index, labels);
    attack.perturb(classifier, { images: pixels, labels, index });
  });
}

export const works = { train, infer, attack, pgd };
