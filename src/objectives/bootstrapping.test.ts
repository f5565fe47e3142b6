import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { crossEntropyOf, mean, oneHot, randomLogits, softmax } from "../../test/support/plain-softmax.js";
import { tensor } from "../torch/index.js";
import { bootstrapping, crossEntropy } from "./index.js";

const labels = [0, 3, 2, 1, 3];
const batch = { labels, index: [0, 1, 2, 3, 4], epoch: 0 };
const rows = randomLogits(11, 5, 4);
const logits = tensor(rows, { dtype: "float64" });

/** The network's part of a target: its probabilities, or its most probable class. */
const answers = {
  soft: (p: number[]) => p,
  hard: (p: number[]) => p.map((share) => (share === Math.max(...p) ? 1 : 0)),
};

describe.each(["soft", "hard"] as const)("%s bootstrapping", (form) => {
  it.each([undefined, 0.3])(
    "is cross entropy with targets partly the network's own, as a plain loop has it",
    (given) => {
      const beta = given ?? { soft: 0.95, hard: 0.8 }[form];
      const losses = rows.map((row, i) => {
        const p = softmax(row);
        const answer = answers[form](p);
        const label = oneHot(labels, 4)[i] as number[];
        return crossEntropyOf(
          label.map((share, j) => beta * share + (1 - beta) * (answer[j] as number)),
          p,
        );
      });
      const loss = bootstrapping({ form, beta: given }).loss(logits, batch);
      expectAllClose(loss, mean(losses), { rtol: 1e-10, atol: 0 });
    },
  );

  it("is cross entropy where the label has the whole of the target", () => {
    const plain = crossEntropy().loss(logits, batch).item();
    expectAllClose(bootstrapping({ form, beta: 1 }).loss(logits, batch), plain, { rtol: 1e-12, atol: 0 });
  });

  it("refuses a share outside 0 to 1", () => {
    expect(() => bootstrapping({ form, beta: -0.1 })).toThrow(
      new RangeError("`beta`: received -0.1; expected a number from 0 to 1"),
    );
  });
});
