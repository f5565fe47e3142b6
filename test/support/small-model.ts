// The tests' model of eight numbers: tanh of an affine map, its squares summed; and the same in plain arithmetic.
import { tensor } from "../../src/torch/create.js";
import type { DType } from "../../src/torch/dtype.js";
import type { Optimizer } from "../../src/torch/optim/index.js";
import type { Tensor } from "../../src/torch/tensor.js";

const INPUTS = [
  [1, 2, -1],
  [0.5, -0.5, 1.5],
  [-2, 1, 0],
];
const WEIGHT = [
  [0.5, -1, 2],
  [1.5, 0.25, -0.75],
];
const BIAS = [0.1, -0.2];

export interface Model {
  readonly weight: Tensor;
  readonly bias: Tensor;
}

export function model(dtype: DType = "float64"): Model {
  return { weight: tensor(WEIGHT, { dtype, requiresGrad: true }), bias: tensor(BIAS, { dtype, requiresGrad: true }) };
}

/** sum over inputs x of |tanh(W x + b)|^2 */
export function modelLoss({ weight, bias }: Model): Tensor {
  const outputs = tensor(INPUTS, { dtype: weight.dtype }).matmul(weight.t()).add(bias).tanh();
  return outputs.mul(outputs).sum();
}

/** The parameters as plain numbers, the weight's six first. */
export function plainModel(): number[] {
  return [...WEIGHT.flat(), ...BIAS];
}

/** The loss's derivatives by `plainModel`'s numbers: 2 tanh(a) (1 - tanh(a)^2) by each activation a. */
export function plainGradients(values: readonly number[]): number[] {
  const gradients = values.map(() => 0);
  for (const input of INPUTS) {
    for (const output of [0, 1]) {
      const row = values.slice(3 * output, 3 * output + 3);
      const tanh = Math.tanh(input.reduce((sum, x, j) => sum + x * (row[j] as number), values[6 + output] as number));
      const slope = 2 * tanh * (1 - tanh * tanh);
      input.forEach((x, j) => {
        gradients[3 * output + j] = (gradients[3 * output + j] as number) + slope * x;
      });
      gradients[6 + output] = (gradients[6 + output] as number) + slope;
    }
  }
  return gradients;
}

/** Trains the model and returns its eight numbers. */
export function trainModel(parts: Model, optimizer: Optimizer, steps = 5): number[] {
  for (let i = 0; i < steps; i++) {
    optimizer.zeroGrad();
    modelLoss(parts).backward();
    optimizer.step();
  }
  return [parts.weight, parts.bias].flatMap((parameter) => Array.from(parameter.data(), Number));
}
