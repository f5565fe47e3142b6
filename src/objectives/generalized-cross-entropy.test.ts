import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { mean, randomLogits, softmax } from "../../test/support/plain-softmax.js";
import { tensor } from "../torch/index.js";
import { crossEntropy, generalizedCrossEntropy } from "./index.js";

const labels = [0, 3, 2, 1, 3];
const batch = { labels, index: [0, 1, 2, 3, 4], epoch: 0 };
const rows = randomLogits(11, 5, 4);
const logits = tensor(rows, { dtype: "float64" });
const given = rows.map((row, i) => softmax(row)[labels[i] as number] as number);

describe("generalized cross entropy", () => {
  it.each([undefined, 0.3])("is (1 - p^q) / q of the label's probability, as a plain loop has it", (exponent) => {
    const q = exponent ?? 0.7;
    const expected = mean(given.map((p) => (1 - p ** q) / q));
    const loss = generalizedCrossEntropy({ q: exponent }).loss(logits, batch);
    expectAllClose(loss, expected, { rtol: 1e-10, atol: 0 });
  });

  it("is the absolute error where q is 1", () => {
    const expected = mean(given.map((p) => 1 - p));
    expectAllClose(generalizedCrossEntropy({ q: 1 }).loss(logits, batch), expected, { rtol: 1e-12, atol: 0 });
  });

  it("nears cross entropy as q nears 0, with all its digits", () => {
    const plain = crossEntropy().loss(logits, batch).item();
    expectAllClose(generalizedCrossEntropy({ q: 1e-12 }).loss(logits, batch), plain, { rtol: 1e-10, atol: 0 });
  });

  it.each([0, 1.5])("refuses a q of %d", (q) => {
    const message = `\`q\`: received ${q}; expected a number above 0 and at most 1`;
    expect(() => generalizedCrossEntropy({ q })).toThrow(new RangeError(message));
  });
});
