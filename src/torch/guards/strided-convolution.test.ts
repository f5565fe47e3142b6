// Without the workaround, these steps write over the heap: the process crashes in most runs, and gradients may be wrong.
import { describe, expect, test } from "vitest";
import { manualSeed, ops, type Tensor } from "../index.js";

/** sum over images and positions of g[n,o,y,x] x[n,i,sy,sx]. */
function weightGradient(images: Tensor, gradient: Tensor, stride: number): Tensor {
  const read = images.slice({ dim: 2, step: stride }).slice({ dim: 3, step: stride });
  return ops.einsum("noyx,niyx->oi", [gradient, read]);
}

describe("a strided 1 x 1 convolution of few channels over large channels-last images", () => {
  test.each([
    [3, 4, 56, 2],
    [4, 8, 64, 2],
    [8, 16, 64, 2],
    [12, 24, 96, 2],
    [5, 7, 96, 3],
  ])("of %i channels to %i, %i pixels, stride %i, has the gradient of its sums", (inputs, outputs, size, stride) => {
    manualSeed(0);
    const images = ops.randn([8, inputs, size, size]).contiguous({ memoryFormat: "channels_last" });
    for (let step = 0; step < 4; step++) {
      const weight = ops.randn([outputs, inputs, 1, 1]);
      weight.requiresGrad = true;
      const result = ops.conv2d(images, weight, { stride });
      const gradient = ops.randnLike(result);
      result.backward({ gradient });
      const difference = (weight.grad as Tensor)
        .reshape([outputs, inputs])
        .sub(weightGradient(images, gradient, stride));
      expect(difference.abs().max().item()).toBeLessThan(5e-3);
    }
  });

  test.each<[{ stride: number | number[]; padding?: number }, number[]]>([
    [{ stride: [2, 1] }, [2, 3, 2, 4]],
    [{ stride: [1, 2], padding: 0 }, [2, 3, 4, 2]],
    [{ stride: 3 }, [2, 3, 2, 2]],
    [{ stride: 2, padding: 1 }, [2, 3, 3, 3]],
  ])("takes the strides it is given: %j", (options, shape) => {
    manualSeed(0);
    const [images, weight, bias] = [ops.randn([2, 2, 4, 4]), ops.randn([3, 2, 1, 1]), ops.randn([3])];
    const plain = ops.conv2d(images, weight, { ...options, bias });
    weight.requiresGrad = true;
    const learning = ops.conv2d(images, weight, { ...options, bias });
    expect(learning.shape).toEqual(shape);
    expect(learning.detach().sub(plain).abs().max().item()).toBeLessThan(1e-6);
  });

  test("leaves wrong strides to libtorch", () => {
    const weight = ops.ones([3, 2, 1, 1]);
    weight.requiresGrad = true;
    for (const stride of [0, -1, [2, 2, 2]])
      expect(() => ops.conv2d(ops.ones([1, 2, 4, 4]), weight, { stride })).toThrow(/^conv2d: /);
  });
});
