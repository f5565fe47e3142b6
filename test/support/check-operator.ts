// Checks an operator against a plain function of numbers: shape, element type, values, and gradients by finite differences.
import { expect } from "vitest";
import { grad, type NestedArray, ops, scope, type Tensor, tensor } from "../../src/torch/index.js";
import { expectAllClose, type Numbers } from "./all-close.js";

export interface OperatorCheck {
  /** The operator, of as many tensors as there are inputs. */
  readonly operator: (...inputs: Tensor[]) => Tensor;
  readonly inputs: readonly NestedArray[];
  /** The values that it must give, from the inputs as plain arrays. */
  readonly reference: (...inputs: never[]) => Numbers;
  /** Whether derivatives are checked too. */
  readonly differentiable?: boolean;
}

const STEP = 1e-5;

/** A scalar that weighs each element of the result differently, so that no two derivatives can cancel or swap. */
function weighted(result: Tensor): Tensor {
  const weights = ops.arange(result.size, { dtype: "float64" }).reshape(result.shape).mul(0.37).add(1).cos();
  return result.mul(weights).sum();
}

/** The derivative of `body` by each element of one input: central differences. */
function differences(body: (input: Tensor) => Tensor, input: Tensor): Float64Array {
  const values = input.data() as Float64Array;
  const at = (i: number, change: number) =>
    scope(() => body(tensor(values.with(i, (values[i] as number) + change), { shape: input.shape })).item());
  return values.map((_, i) => (at(i, STEP) - at(i, -STEP)) / (2 * STEP));
}

function checkGradients(operator: OperatorCheck["operator"], inputs: readonly Tensor[]): void {
  for (const input of inputs) input.requiresGrad = true;
  const gradients = grad(weighted(operator(...inputs)), inputs);
  inputs.forEach((input, k) => {
    const expected = differences((changed) => weighted(operator(...inputs.with(k, changed))), input);
    expect(gradients[k]?.dtype).toBe("float64");
    expectAllClose(gradients[k]?.reshape([-1]) as Tensor, expected, { rtol: 1e-6, atol: 1e-8 });
  });
}

/** @throws an assertion error that names the worst element. */
export function checkOperator({ operator, inputs, reference, differentiable = true }: OperatorCheck): void {
  scope(() => {
    const doubles = inputs.map((input) => tensor(input, { dtype: "float64" }));
    const result = operator(...doubles);
    expect(result.dtype).toBe("float64");
    expectAllClose(result, reference(...(inputs as never[])), { rtol: 1e-12, atol: 1e-12 });
    const singles = operator(...inputs.map((input) => tensor(input, { dtype: "float32" })));
    expect([singles.dtype, singles.shape]).toEqual(["float32", result.shape]);
    expectAllClose(singles, reference(...(inputs as never[])), { rtol: 1e-4, atol: 1e-5 });
    if (differentiable) checkGradients(operator, doubles);
  });
}
