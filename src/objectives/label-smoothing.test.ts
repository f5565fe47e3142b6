import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { crossEntropyOf, mean, oneHot, randomLogits, softmax } from "../../test/support/plain-softmax.js";
import { tensor } from "../torch/index.js";
import { crossEntropy, labelSmoothing } from "./index.js";

const labels = [0, 3, 2, 1, 3];
const batch = { labels, index: [0, 1, 2, 3, 4], epoch: 0 };
const rows = randomLogits(11, 5, 4);
const logits = tensor(rows, { dtype: "float64" });

describe("label smoothing", () => {
  it.each([0.1, 0.35])("is cross entropy with a share %d of each target spread evenly, as a plain loop has it", (e) => {
    const losses = oneHot(labels, 4).map((target, i) => {
      const smoothed = target.map((share) => (1 - e) * share + e / 4);
      return crossEntropyOf(smoothed, softmax(rows[i] as number[]));
    });
    expectAllClose(labelSmoothing({ smoothing: e }).loss(logits, batch), mean(losses), { rtol: 1e-10, atol: 0 });
  });

  it("spreads a tenth unless told otherwise", () => {
    const given = labelSmoothing({ smoothing: 0.1 }).loss(logits, batch).item();
    expect(labelSmoothing().loss(logits, batch).item()).toBe(given);
  });

  it("is cross entropy where nothing is spread, and does not ask for the label where everything is", () => {
    const plain = crossEntropy().loss(logits, batch).item();
    expectAllClose(labelSmoothing({ smoothing: 0 }).loss(logits, batch), plain, { rtol: 1e-12, atol: 0 });
    const all = labelSmoothing({ smoothing: 1 });
    const other = all.loss(logits, { ...batch, labels: [1, 1, 1, 1, 1] }).item();
    expectAllClose(all.loss(logits, batch), other, { rtol: 1e-12, atol: 0 });
  });

  it("refuses a share outside 0 to 1", () => {
    expect(() => labelSmoothing({ smoothing: 1.1 })).toThrow(
      new RangeError("`smoothing`: received 1.1; expected a number from 0 to 1"),
    );
  });
});
