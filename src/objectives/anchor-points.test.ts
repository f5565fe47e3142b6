import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { randomLogits, softmax } from "../../test/support/plain-softmax.js";
import { type Tensor, tensor } from "../torch/index.js";
import { transitionFromAnchors } from "./anchor-points.js";
import { localState } from "./sample-state/sample-state.js";

const transitionOf = (predictions: Tensor) =>
  transitionFromAnchors(localState.rows(predictions.shape[0] as number, () => predictions)) as Tensor;

/** The authors' procedure in plain loops: the best sample of each class below its 97th percentile, rounded up. */
function plainTransition(predictions: number[][]): number[][] {
  return predictions[0]!.map((_, i) => {
    const sorted = predictions.map((row) => row[i] as number).sort((a, b) => a - b);
    const threshold = sorted[Math.ceil(0.97 * (sorted.length - 1))] as number;
    const below = predictions.filter((row) => (row[i] as number) < threshold);
    return below.reduce((best, row) => ((row[i] as number) > (best[i] as number) ? row : best));
  });
}

describe("the transition matrix by anchor points", () => {
  it.each([5, 34, 101, 350])("of %i samples is as a plain search finds it", (samples) => {
    const predictions = randomLogits(samples, samples, 4).map(softmax);
    const transition = transitionOf(tensor(predictions, { dtype: "float64" }));
    expectAllClose(transition, plainTransition(predictions), { rtol: 1e-12, atol: 0 });
  });

  it("is the noise itself where the answers to clear samples are", () => {
    const noise = [
      [0.6, 0.4, 0],
      [0, 0.9, 0.1],
      [0.2, 0.1, 0.7],
    ];
    const clear = noise.flatMap((row) => Array.from({ length: 40 }, () => row));
    const outlier = [1, 0, 0];
    const transition = transitionOf(tensor([outlier, ...clear], { dtype: "float64" }));
    expectAllClose(transition, noise, { rtol: 1e-12, atol: 1e-15 });
  });

  it("has rows that sum to 1, of answers that do not quite", () => {
    const transition = transitionOf(
      tensor([
        [0.5, 0.4],
        [0.2, 0.9],
      ]),
    );
    expectAllClose(transition.sum([1]), [1, 1], { rtol: 1e-6, atol: 0 });
  });

  it("of one sample is its answer for every class", () => {
    expect(transitionOf(tensor([[0.25, 0.75]])).toArray()).toEqual([
      [0.25, 0.75],
      [0.25, 0.75],
    ]);
  });
});
