import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { mean, randomLogits, softmax } from "../../test/support/plain-softmax.js";
import { tensor } from "../torch/index.js";
import { crossEntropy, earlyLearning } from "./index.js";

const labels = [0, 3, 2, 1, 3, 0];
const at = (index: readonly number[]) => index.map((i) => labels[i] as number);

/** The method as plain loops over one batch; changes `targets` in place. */
function plainStep(z: number[][], index: number[], targets: number[][], lambda: number, beta: number): number {
  const losses = z.map((row, i) => {
    const p = softmax(row);
    const clamped = p.map((share) => Math.min(Math.max(share, 1e-4), 1 - 1e-4));
    const sum = clamped.reduce((total, share) => total + share, 0);
    const target = targets[index[i] as number] as number[];
    let agreement = 0;
    clamped.forEach((share, j) => {
      target[j] = beta * (target[j] as number) + ((1 - beta) * share) / sum;
      agreement += (target[j] as number) * share;
    });
    return -Math.log(p[labels[index[i] as number] as number] as number) + lambda * Math.log(1 - agreement);
  });
  return mean(losses);
}

describe("early-learning regularization", () => {
  it.each([
    [3, 0.7, {}],
    [7, 0.9, { lambda: 7, beta: 0.9 }],
  ])("with weight %d and share %d equals a plain loop over several visits", (lambda, beta, options) => {
    const elr = earlyLearning({ samples: 6, classes: 4, dtype: "float64", ...options });
    const targets = labels.map(() => [0, 0, 0, 0]);
    for (let epoch = 0; epoch < 5; epoch++) {
      const index = [5, 1, 3].map((i) => (i + epoch) % 6);
      // Three times as certain, so that some probabilities are clamped.
      const z = randomLogits(epoch + 1, 3, 4).map((row) => row.map((value) => 3 * value));
      const loss = elr.loss(tensor(z, { dtype: "float64" }), { labels: at(index), index, epoch });
      expectAllClose(loss, plainStep(z, index, targets, lambda, beta), { rtol: 1e-10, atol: 0 });
      expectAllClose(elr.targets, targets, { rtol: 1e-10, atol: 1e-15 });
    }
  });

  it("is cross entropy where the regularizer weighs nothing, and where targets never leave zero", () => {
    const batch = { labels, index: [0, 1, 2, 3, 4, 5], epoch: 0 };
    const z = tensor(randomLogits(3, 6, 4), { dtype: "float64" });
    const plain = crossEntropy().loss(z, batch).item();
    for (const options of [{ lambda: 0 }, { beta: 1 }]) {
      const elr = earlyLearning({ samples: 6, classes: 4, dtype: "float64", ...options });
      expectAllClose(elr.loss(z, batch), plain, { rtol: 1e-12, atol: 0 });
    }
  });

  it("makes targets of probabilities in the end, and leaves those of samples without a visit at zero", () => {
    const elr = earlyLearning({ samples: 6, classes: 4 });
    const z = tensor(randomLogits(3, 2, 4));
    for (let epoch = 0; epoch < 60; epoch++) elr.loss(z, { labels: at([1, 4]), index: [1, 4], epoch });
    expectAllClose(elr.targets.sum([1]), [0, 1, 0, 0, 1, 0], { rtol: 1e-5, atol: 0 });
  });

  it("refuses a negative weight and a share outside 0 to 1", () => {
    const size = { samples: 6, classes: 4 };
    expect(() => earlyLearning({ ...size, lambda: -1 })).toThrow(
      new RangeError("`lambda`: received -1; expected a number of at least 0"),
    );
    expect(() => earlyLearning({ ...size, beta: 2 })).toThrow(
      new RangeError("`beta`: received 2; expected a number from 0 to 1"),
    );
  });
});
