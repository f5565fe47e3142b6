import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { InputError } from "../../errors.js";
import { type Tensor, tensor } from "../../torch/index.js";
import type { AttackBatch } from "../types.js";
import { attackStillCorrect } from "./still-correct.js";

/** Two classes that differ in one pixel: class 1 where it is over a half. */
const network = (images: Tensor) => {
  const pixel = images.flatten({ startDim: 1 });
  return pixel
    .mul(-1)
    .add(1)
    .flatten()
    .unsqueeze(1)
    .mul(tensor([[1, 0]]))
    .add(pixel.mul(tensor([[0, 1]])));
};

const pixels = (...values: number[]) => tensor(values, { shape: [values.length, 1, 1, 1] });
const batchOf = (values: number[], labels: number[]): AttackBatch => ({
  images: pixels(...values),
  labels: tensor(labels, { dtype: "int64" }),
  index: Int32Array.from(values, (_, i) => 10 + i),
});

describe("an attack in rounds", () => {
  it("tries in each round the samples still classified correctly, and stops when there are none", () => {
    const batch = batchOf([0.1, 0.2, 0.9, 0.3], [0, 0, 0, 0]);
    const rounds: number[][] = [];
    const raised = attackStillCorrect(network, batch, 9, ({ images, index }, consider) => {
      rounds.push([...index]);
      const tried = images.add(rounds.length * 0.25);
      consider(tried, network(tried));
    });
    expect(rounds).toEqual([
      [10, 11, 13],
      [10, 11],
    ]);
    expectAllClose(raised, pixels(0.6, 0.7, 0.9, 0.55), { rtol: 1e-6 });
  });

  it("keeps the first misclassified image, or else the one nearest to being misclassified, the clean one included", () => {
    const batch = batchOf([0.1, 0.1, 0.4], [0, 0, 0]);
    const tries = [pixels(0.6, 0.3, 0.1), pixels(0.9, 0.2, 0.2)];
    const kept = attackStillCorrect(network, batch, 1, (_, consider) => {
      for (const tried of tries) consider(tried, network(tried));
    });
    expectAllClose(kept, pixels(0.6, 0.3, 0.4));
  });

  it("refuses a batch whose parts differ in length", () => {
    const batch = { ...batchOf([0.1, 0.2], [0, 0]), index: Int32Array.of(1) };
    expect(() => attackStillCorrect(network, batch, 1, () => {})).toThrow(InputError);
    expect(() => attackStillCorrect(network, batch, 1, () => {})).toThrow(
      "received 2 images, 2 labels and 1 positions",
    );
  });
});
