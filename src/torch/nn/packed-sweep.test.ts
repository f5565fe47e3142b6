// Packed kernels on blocks and programs drawn at random: as near to float32 as stock operators in bfloat16 are.
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { blocks, type Drawn, drawnBlock, drawnProgram } from "../../../test/support/drawn-trunks.js";
import {
  grad,
  type Kernels,
  manualSeed,
  nn,
  noGrad,
  ops,
  packedKernels,
  scope,
  setThreads,
  type Tensor,
} from "../index.js";

beforeAll(() => setThreads(1));

type Computing = <T>(body: () => T) => T;

const exactly: Computing = (body) => nn.withKernels("stock", body);
const by =
  (kernels: Kernels): Computing =>
  (body) =>
    nn.withKernels(kernels, () => nn.withPrecision(kernels === "winograd" ? "float32" : "bfloat16", body));

const flat = (value: Tensor) => value.to("float64").flatten();

/** 1 - cosine; numbers that are next to nothing are compared with nothing. */
function angle(value: Tensor, expected: Tensor): number {
  return scope(() => {
    if (expected.norm().item() < 1e-3) return value.norm().item() < 0.1 ? 0 : 1;
    return 1 - ops.cosineSimilarity(flat(value), flat(expected), { dim: 0 }).item();
  });
}

interface Outcome {
  readonly output: Tensor;
  readonly free: Tensor;
  readonly gradients: Tensor[];
}

/** The output with and without gradients, and the gradients by images and parameters that have one; buffers as before. */
function outcome({ layers, body, images }: Drawn, compute: Computing): Outcome {
  const model = new nn.Sequential(...layers);
  const buffers = [...model.namedBuffers()].map(([, value]) => [value, value.clone()] as const);
  const restore = () => noGrad(() => buffers.forEach(([value, saved]) => void value.copy_(saved)));
  const trunk = new nn.Trunk(body, "maps");
  const forward = () => {
    manualSeed(5);
    return compute(() => trunk.forward(images)).to("float32");
  };
  const free = noGrad(forward);
  restore();
  const output = forward();
  manualSeed(6);
  const gradients = grad(output, [images, ...model.parameters()], { gradOutputs: [ops.randn(output.shape)] });
  restore();
  return { output, free, gradients: gradients.filter((gradient) => gradient !== null) };
}

const drawnBlocks = Object.keys(blocks).flatMap((name) => [1, 2].map((seed) => [name, seed] as const));

/**
 * Cosines of blocks are over 0.9999 for outputs. Gradients by what a ReLU or a pool follows cannot reach 0.999, because those
 * choose otherwise where rounding moves a value past another: stock operators in bfloat16 reach from 0.995 to 0.9995 as well.
 */
function expectNear(near: Outcome, exact: Outcome, stock: Outcome): void {
  expect(angle(near.output, exact.output)).toBeLessThan(1.5 * angle(stock.output, exact.output) + 1e-5);
  expect(angle(near.free, exact.free)).toBeLessThan(1.5 * angle(stock.free, exact.free) + 1e-5);
  expect(near.gradients.length).toBe(exact.gradients.length);
  near.gradients.forEach((gradient, i) => {
    const [expected, other] = [exact.gradients[i] as Tensor, stock.gradients[i] as Tensor];
    expect(angle(gradient, expected), `gradient ${i}`).toBeLessThan(1.5 * angle(other, expected) + 1e-3);
  });
}

for (const kernels of ["amx", "winograd"] as const) {
  const absent = !packedKernels().includes(kernels);

  describe.skipIf(absent)(`packed ${kernels} kernels, skipped where this CPU or build has none`, () => {
    test.each(drawnBlocks)("agree with float32 on %s, drawn with seed %i", (name, seed) => {
      scope(() => {
        const block = drawnBlock(name, seed);
        const [exact, near] = [outcome(block, exactly), outcome(block, by(kernels))];
        expectNear(near, exact, outcome(block, by("stock")));
        expect(angle(near.output, exact.output)).toBeLessThan(2e-5);
        for (const gradient of near.gradients) expect(gradient.isfinite().all().item<boolean>()).toBe(true);
      });
    });

    test.each([true, false])("agree with float32 on programs drawn at random, training %s", (training) => {
      for (let seed = 1; seed <= 30; seed++) {
        scope(() => {
          const drawn = drawnProgram(seed);
          new nn.Sequential(...drawn.layers).train(training);
          const [exact, near] = [outcome(drawn, exactly), outcome(drawn, by(kernels))];
          expectNear(near, exact, outcome(drawn, by("stock")));
        });
      }
    });

    describe("on several threads", () => {
      afterEach(() => setThreads(1));

      test.each([1, 2, 3])("give the same bits twice on %i", (threads) => {
        setThreads(threads);
        for (const name of Object.keys(blocks)) {
          scope(() => {
            const block = drawnBlock(name, 3);
            const [one, other] = [outcome(block, by(kernels)), outcome(block, by(kernels))];
            expect(one.output.equal(other.output), name).toBe(true);
            one.gradients.forEach((gradient, i) => {
              expect(gradient.equal(other.gradients[i] as Tensor), `${name}, gradient ${i}`).toBe(true);
            });
          });
        }
      });
    });
  });
}
