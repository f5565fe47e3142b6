import { describe, expect, test } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { manualSeed, ops, type Tensor } from "../index.js";

/** The gradients of weight and bias by images without gradients, in a memory format. */
function gradients(images: Tensor, parameters: readonly [boolean, boolean]) {
  const [weight, bias] = [ops.ones([4]), ops.zeros([4])];
  [weight.requiresGrad, bias.requiresGrad] = parameters;
  ops.groupNorm(images, 2, { weight, bias }).square().sum().backward();
  return [weight.grad, bias.grad];
}

describe("group norm of channels-last images that want no gradient", () => {
  test.each([
    [true, true],
    [true, false],
    [false, true],
  ] as const)("gives its weight (%s) and bias (%s) the gradients of contiguous images", (...parameters) => {
    manualSeed(1);
    const images = ops.randn([2, 4, 3, 5]);
    const expected = gradients(images, parameters);
    const received = gradients(images.contiguous({ memoryFormat: "channels_last" }), parameters);
    expect(received.map((gradient) => gradient !== null)).toEqual([...parameters]);
    for (const [i, gradient] of received.entries()) {
      if (gradient !== null) expectAllClose(gradient, expected[i] as Tensor, { rtol: 1e-5, atol: 1e-6 });
    }
  });
});
