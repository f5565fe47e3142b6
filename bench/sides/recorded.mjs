// @ts-check
// A network's convolutions, read from the operator calls of one forward pass.

import { noGrad, ops, recordCalls, scope } from "../../dist/torch/index.js";

/**
 * @typedef {import("../../dist/torch/index.js").Tensor} Tensor
 * @typedef {import("../cost.mjs").Convolution} Convolution
 */

/**
 * @param {import("../../dist/torch/index.js").nn.Module} model
 * @param {readonly number[]} inputShape
 * @returns {Convolution[]}
 */
export function convolutionsOf(model, inputShape) {
  return scope(() => {
    const { calls } = recordCalls(() => noGrad(() => model.forward(ops.zeros(inputShape))));
    return calls.filter(({ operator }) => operator === "conv2d").map(({ values }) => describe(values));
  });
}

/** @param {readonly unknown[]} values conv2d's input, weight, bias, stride and padding */
function describe([input, weight, , stride, padding]) {
  const [, inputs, height, width] = /** @type {[number, number, number, number]} */ (
    /** @type {Tensor} */ (input).shape
  );
  const [outputs, , kernel] = /** @type {[number, number, number]} */ (/** @type {Tensor} */ (weight).shape);
  return { inputs, outputs, kernel, height, width, stride: first(stride, 1), padding: first(padding, 0) };
}

/** A number, or the first of several, or what is meant where none is given. */
function first(/** @type {unknown} */ value, /** @type {number} */ otherwise) {
  return Number([value ?? otherwise].flat()[0]);
}
