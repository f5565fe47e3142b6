import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { mean, oneHot, randomLogits, softmax } from "../../test/support/plain-softmax.js";
import { tensor } from "../torch/index.js";
import { crossEntropy, symmetricCrossEntropy } from "./index.js";

const labels = [0, 3, 2, 1, 3];
const batch = { labels, index: [0, 1, 2, 3, 4], epoch: 0 };
const rows = randomLogits(11, 5, 4);
const logits = tensor(rows, { dtype: "float64" });

describe("symmetric cross entropy", () => {
  it.each([
    [0.1, 1, {}],
    [6, 0.1, { alpha: 6, beta: 0.1 }],
  ])("is %d times cross entropy and %d times its reverse, log 0 being -4, as a plain loop has it", (a, b, options) => {
    const losses = rows.map((row, i) => {
      const p = softmax(row);
      const label = oneHot(labels, 4)[i] as number[];
      const reverse = p.reduce((sum, share, j) => sum - share * (label[j] === 1 ? 0 : -4), 0);
      return -a * Math.log(p[labels[i] as number] as number) + b * reverse;
    });
    expectAllClose(symmetricCrossEntropy(options).loss(logits, batch), mean(losses), { rtol: 1e-10, atol: 0 });
  });

  it("is cross entropy where its reverse weighs nothing", () => {
    const plain = crossEntropy().loss(logits, batch).item();
    const loss = symmetricCrossEntropy({ alpha: 1, beta: 0 }).loss(logits, batch);
    expectAllClose(loss, plain, { rtol: 1e-12, atol: 0 });
  });

  it.each(["alpha", "beta"])("refuses a negative %s", (name) => {
    const message = `\`${name}\`: received -1; expected a number of at least 0`;
    expect(() => symmetricCrossEntropy({ [name]: -1 })).toThrow(new RangeError(message));
  });
});
