import { expect, test } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { model, modelLoss } from "../../../test/support/small-model.js";
import { tensor } from "../create.js";
import { liveTensors, scope } from "../lifetime.js";
import { clipGradNorm } from "./clip.js";

test("gradients too large are scaled to the requested norm, as in PyTorch", () => {
  scope(() => {
    const { weight, bias } = model();
    modelLoss({ weight, bias }).backward();
    expect(clipGradNorm([weight, bias], 0.7)).toBeCloseTo(1.5637924010769755, 14);
    // torch.nn.utils.clip_grad_norm_, PyTorch 1.13
    const expected = [
      [0.1434164914140416, -0.0820397696839865, 0.006398728128428843],
      [-0.1310040084801913, 0.20462959967156896, -0.5364611396682585],
    ];
    expectAllClose(weight.grad ?? [], expected, { rtol: 1e-13 });
    expectAllClose(bias.grad ?? [], [-0.07564104155555768, -0.3318315399966895], { rtol: 1e-13 });
  });
});

test("smaller gradients stay as they are, to the bit", () => {
  scope(() => {
    const parameter = tensor([0, 0]);
    parameter.grad = tensor([3, 4]);
    expect(clipGradNorm([parameter, tensor([1])], 5.1)).toBe(5);
    expect(parameter.grad?.toArray()).toEqual([3, 4]);
  });
});

test("without gradients the norm is zero", () => {
  using parameter = tensor([1]);
  expect(clipGradNorm([parameter], 1)).toBe(0);
  expect(() => clipGradNorm(parameter as never, 1)).toThrow("received one tensor; expected tensors");
});

test("a gradient that is not finite shows in the norm", () => {
  scope(() => {
    const parameter = tensor([0, 0]);
    parameter.grad = tensor([Number.NaN, 4]);
    expect(clipGradNorm([parameter], 1)).toBeNaN();
  });
});

test("no tensor outlives the call", () => {
  using parameter = tensor([0, 0]);
  scope(() => {
    parameter.grad = tensor([3, 4]);
  });
  const before = liveTensors();
  clipGradNorm([parameter], 1);
  expect(liveTensors()).toBe(before);
});

test("a norm that is not over zero is refused", () => {
  expect(() => clipGradNorm([], 0)).toThrow(new RangeError("`maxNorm`: received 0; expected a number above 0"));
});
