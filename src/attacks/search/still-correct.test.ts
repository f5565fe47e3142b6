import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { InputError } from "../../errors.js";
import { type Tensor, tensor } from "../../torch/index.js";
import type { AttackBatch } from "../types.js";
import { attackStanding } from "./still-correct.js";

/** Two classes told by one pixel: class 1 where it is over a half. */
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
  it("tries in each round what still stands, and stops when nothing does", () => {
    const batch = batchOf([0.1, 0.2, 0.9, 0.3], [0, 0, 0, 0]);
    const rounds: number[][] = [];
    const raised = attackStanding(network, batch, 9, ({ images, index }, see) => {
      rounds.push([...index]);
      const tried = images.add(rounds.length * 0.25);
      see(tried, network(tried));
    });
    expect(rounds).toEqual([
      [10, 11, 13],
      [10, 11],
    ]);
    expectAllClose(raised, pixels(0.6, 0.7, 0.9, 0.55), { rtol: 1e-6 });
  });

  it("keeps the first image that misleads, and else the one nearest to it, the clean one included", () => {
    const batch = batchOf([0.1, 0.1, 0.4], [0, 0, 0]);
    const tries = [pixels(0.6, 0.3, 0.1), pixels(0.9, 0.2, 0.2)];
    const kept = attackStanding(network, batch, 1, (_, see) => {
      for (const tried of tries) see(tried, network(tried));
    });
    expectAllClose(kept, pixels(0.6, 0.3, 0.4));
  });

  it("refuses a batch whose parts do not belong together", () => {
    const batch = { ...batchOf([0.1, 0.2], [0, 0]), index: Int32Array.of(1) };
    expect(() => attackStanding(network, batch, 1, () => {})).toThrow(InputError);
    expect(() => attackStanding(network, batch, 1, () => {})).toThrow("2 images come with 2 labels and 1 positions");
  });
});
