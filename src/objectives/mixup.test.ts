import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { forwardOf } from "../../test/support/given-forward.js";
import { mean, randomLogits, softmax } from "../../test/support/plain-softmax.js";
import { manualSeed, ops, type Tensor, tensor } from "../torch/index.js";
import { mixup } from "./index.js";

const labels = [0, 3, 2, 1, 3, 0, 1, 2];
const batch = { labels, index: [0, 1, 2, 3, 4, 5, 6, 7], epoch: 0 };
const rows = randomLogits(11, 8, 4);
const logits = tensor(rows, { dtype: "float64" });

/** Image i is all zeros but for a one in its pixel i, so that a mixed image shows what it is made of. */
const marked = ops.eye(8, { dtype: "float64" }).reshape([8, 1, 2, 4]);

/** The share and the order that a mixed batch of `marked` was made with, as far as it shows: nothing moved is a share of 1. */
function mixOf(mixed: Tensor): { share: number; order: number[] } {
  const pixels = mixed.reshape([8, 8]).toArray() as number[][];
  const others = pixels.map((row, i) => row.findIndex((value, j) => j !== i && value !== 0));
  const moved = others.findIndex((other) => other >= 0);
  const share = moved < 0 ? 1 : (pixels[moved]?.[moved] as number);
  return { share, order: others.map((other, i) => (other < 0 ? i : other)) };
}

/** One step on images: what the network is given, and the loss of the logits that it answers with. */
function stepOn(method: ReturnType<typeof mixup>, images: Tensor) {
  let mixed = images;
  const forward = forwardOf((given) => {
    mixed = given;
    return logits;
  });
  const { loss } = method.step(forward, { ...batch, images });
  return { mixed, loss };
}

const sharesOf = (alpha: number, draws: number): number[] => {
  const method = mixup({ alpha });
  return Array.from({ length: draws }, () => mixOf(stepOn(method, marked).mixed).share);
};

const variance = (values: readonly number[]) => mean(values.map((value) => (value - mean(values)) ** 2));

describe("mixup", () => {
  it("shows means of pairs, and its loss mixes their labels in the same shares, as a plain loop does", () => {
    manualSeed(5);
    const method = mixup();
    for (let visit = 0; visit < 5; visit++) {
      const { mixed, loss } = stepOn(method, marked);
      const { share, order } = mixOf(mixed);
      expect(order.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      const made = order.map((other, i) =>
        Array.from({ length: 8 }, (_, j) => (i === j ? share : 0) + (j === other ? 1 - share : 0)),
      );
      expectAllClose(mixed.reshape([8, 8]), made, { rtol: 1e-12, atol: 1e-15 });
      const losses = rows.map((row, i) => {
        const logP = softmax(row).map(Math.log);
        const own = logP[labels[i] as number] as number;
        const other = logP[labels[order[i] as number] as number] as number;
        return -share * own - (1 - share) * other;
      });
      expectAllClose(loss, mean(losses), { rtol: 1e-10, atol: 0 });
    }
  });

  it("draws the same mix from the same seed, and another from the next", () => {
    const mixes = [3, 3, 4].map((seed) => {
      manualSeed(seed);
      return mixOf(stepOn(mixup(), marked).mixed);
    });
    expect(mixes[1]).toEqual(mixes[0]);
    expect(mixes[2]).not.toEqual(mixes[0]);
  });

  it.each([0.2, 0.5, 1, 3])("draws its shares from Beta(%d, the same): their mean, variance and fourth moment", (a) => {
    manualSeed(1);
    const shares = sharesOf(a, 4000);
    expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
    const fourth = mean(shares.map((share) => (share - 0.5) ** 4));
    expect(mean(shares)).toBeCloseTo(0.5, 1);
    expect(variance(shares) / (1 / (4 * (2 * a + 1)))).toBeCloseTo(1, 1);
    expect(fourth / (3 / (16 * (2 * a + 1) * (2 * a + 3)))).toBeCloseTo(1, 0);
  });

  it("draws every share alike where alpha is 1", () => {
    manualSeed(2);
    const tenths = new Array<number>(10).fill(0);
    for (const share of sharesOf(1, 4000)) tenths[Math.floor(10 * share)]! += 1 / 4000;
    expectAllClose(tenths, new Array<number>(10).fill(0.1), { rtol: 0, atol: 0.02 });
  });

  it("hardly mixes where alpha is near 0, though every draw stays a number", () => {
    manualSeed(3);
    for (const share of sharesOf(1e-6, 200)) expect(Math.min(share, 1 - share)).toBeLessThan(1e-9);
  });

  it("keeps the layout and the element type of the images", () => {
    const images = ops.rand([8, 3, 8, 8]).contiguous({ memoryFormat: "channels_last" });
    const { mixed } = stepOn(mixup(), images);
    expect(mixed.dtype).toBe("float32");
    expect(mixed.strides).toEqual(images.strides);
  });

  it("requires an alpha over 0", () => {
    expect(() => mixup({ alpha: 0 })).toThrow(new RangeError("`alpha`: received 0; expected a number above 0"));
  });
});
