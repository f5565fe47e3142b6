import { beforeAll, describe, expect, test } from "vitest";
import { smallOptions } from "../../../test/support/small-networks.js";
import { createModel } from "../../models/index.js";
import { liveBytes, liveTensors, manualSeed, nn, ops, scope, setThreads, type Tensor } from "../index.js";

beforeAll(() => setThreads(1));

describe("gradient checkpointing", () => {
  test.each(["vit", "convnext"])(
    "of %s gives the same loss and gradients, bit for bit, and holds nothing after",
    (name) => {
      manualSeed(3);
      const model = createModel(name, { classes: 5, imageSize: 32, ...smallOptions(name), dropPath: 0.5 }).train();
      const images = ops.randn([4, 3, 32, 32]);
      const before = liveTensors();
      const step = (forward: (body: () => Tensor) => Tensor, backward: (loss: Tensor) => void) =>
        scope(() => {
          manualSeed(7);
          const loss = forward(() => model.forward(images))
            .square()
            .sum();
          backward(loss);
          const drawn = ops.rand([2]).data();
          const gradients = model.parameters().map(({ grad }) => grad?.data());
          model.zeroGrad();
          return [loss.item(), gradients, drawn];
        });
      const plain = step(
        (body) => body(),
        (loss) => loss.backward(),
      );
      expect(step(nn.checkpointing, nn.backwardCheckpointed)).toEqual(plain);
      expect(liveTensors()).toBe(before);
    },
  );

  test("leaves nothing of a forward pass without a backward pass, nor does one that the loss does not depend on disturb the next", () => {
    manualSeed(3);
    const model = createModel("vit", { classes: 5, imageSize: 32, ...smallOptions("vit") }).train();
    const images = ops.randn([2, 3, 32, 32]);
    const forward = () => nn.checkpointing(() => model.forward(images));
    const before = liveTensors();
    scope(() => void forward());
    expect(liveTensors()).toBe(before);
    const gradients = (unused: boolean) =>
      scope(() => {
        if (unused) forward();
        nn.backwardCheckpointed(forward().square().sum());
        const all = model.parameters().map(({ grad }) => grad?.data());
        model.zeroGrad();
        return all;
      });
    expect(gradients(true)).toEqual(gradients(false));
    expect(liveTensors()).toBe(before);
  });

  test("keeps a graph that is used twice", () => {
    manualSeed(3);
    const model = createModel("vit", { classes: 5, imageSize: 32, ...smallOptions("vit"), dropPath: 0.5 }).train();
    const images = ops.randn([2, 3, 32, 32]);
    const twice = (forward: (body: () => Tensor) => Tensor, backward: typeof nn.backwardCheckpointed) =>
      scope(() => {
        manualSeed(7);
        const outputs = forward(() => model.forward(images));
        backward(outputs.square().sum(), { retainGraph: true });
        backward(outputs.sum());
        const gradients = model.parameters().map(({ grad }) => grad?.data());
        model.zeroGrad();
        return gradients;
      });
    const plain = twice(
      (body) => body(),
      (loss, options) => loss.backward(options),
    );
    expect(twice(nn.checkpointing, nn.backwardCheckpointed)).toEqual(plain);
  });

  test("keeps less memory between the passes", () => {
    const model = createModel("vit", {
      classes: 5,
      imageSize: 64,
      patchSize: 4,
      dimension: 32,
      depth: 8,
      heads: 2,
    }).train();
    const images = ops.randn([8, 3, 64, 64]);
    const held = (forward: (body: () => Tensor) => Tensor, backward: (loss: Tensor) => void) =>
      scope(() => {
        const loss = forward(() => model.forward(images))
          .square()
          .sum();
        const bytes = liveBytes();
        backward(loss);
        model.zeroGrad();
        return bytes;
      });
    const base = liveBytes();
    const plain =
      held(
        (body) => body(),
        (loss) => loss.backward(),
      ) - base;
    const checkpointed = held(nn.checkpointing, nn.backwardCheckpointed) - base;
    expect(checkpointed).toBeLessThan(plain / 4);
  });

  test("leaves evaluation as it is", () => {
    const model = createModel("vit", { classes: 5, imageSize: 32, ...smallOptions("vit") }).eval();
    const before = liveTensors();
    scope(() => void nn.checkpointing(() => model.forward(ops.randn([2, 3, 32, 32]))));
    expect(liveTensors()).toBe(before);
  });
});
