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

/**
 * A network in evaluation; `unit` does its work on the next batch, as `prepare` made it before the clock ran.
 * @template T
 * @param {Workload} workload
 * @param {(model: nn.Module, batch: T) => void} body
 * @param {(model: nn.Module, batch: import("./data.mjs").Batch) => T} prepare
 */
function evaluating(workload, body, prepare) {
  const model = createNetwork(workload).eval();
  const batches = randomBatches(workload).map((batch) => prepare(model, batch));
  const parameters = model.parameters().reduce((sum, { size }) => sum + size, 0);
  let next = 0;
  const batch = () => /** @type {T} */ (batches[next++ % batches.length]);
  return { parameters, unit: () => scope(() => body(model, batch())) };
}

const asTheyAre = (/** @type {nn.Module} */ _, /** @type {import("./data.mjs").Batch} */ batch) => batch;

/** The classes that a batch is predicted to be. @type {(workload: Workload, precision: Precision) => Work} */
function infer(workload, precision) {
  return evaluating(
    workload,
    (model, { images }) => {
      noGrad(() => nn.withPrecision(precision, () => model.forward(images)).argmax({ dim: 1 })).data();
    },
    asTheyAre,
  );
}

/** Several small steps uphill from a batch's images. @type {(workload: Workload, precision: Precision) => Work} */
function attack(workload, precision) {
  const { passes, stepSize } = workload;
  const objective = crossEntropy();
  return evaluating(
    workload,
    (model, { images, labels, index }) => {
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
    },
    asTheyAre,
  );
}

/** PGD on a batch that the network classifies correctly. @type {(workload: Workload, precision: Precision) => Work} */
function pgd(workload, precision) {
  const { passes: steps, epsilon, stepSize } = workload;
  const attack = pgdAttack({ ball: { norm: "inf", epsilon }, steps, stepSize, result: "last" });
  const answering = (/** @type {nn.Module} */ model) => (/** @type {Tensor} */ pixels) =>
    nn.withPrecision(precision, () => model.forward(pixels));
  return evaluating(
    workload,
    (model, batch) => void attack.perturb(answering(model), batch),
    (model, { images: normal, index }) => {
      const images = keep(normal.sigmoid());
      const labels = keep(noGrad(() => scope(() => answering(model)(images).argmax({ dim: 1 }))));
      return { images, labels, index };
    },
  );
}

export const works = { train, infer, attack, pgd };
