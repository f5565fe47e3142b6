import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { mean, randomLogits, softmax } from "../../test/support/plain-softmax.js";
import { type Tensor, tensor } from "../torch/index.js";
import { transitionFromAnchors } from "./anchor-points.js";
import { crossEntropy, forwardCorrection, localState } from "./index.js";

const labels = [0, 3, 2, 1, 3, 0];
const everything = { labels, index: [0, 1, 2, 3, 4, 5] };
const size = { samples: 6, classes: 4, dtype: "float64" } as const;
const rows = randomLogits(11, 6, 4);
const logits = tensor(rows, { dtype: "float64" });
const noise = [0.7, 0.1, 0.1, 0.1, 0, 1, 0, 0, 0.2, 0.2, 0.6, 0, 0.05, 0.05, 0.4, 0.5];

/** mean_i( -log sum_k p_ik T_ky ) */
const plainLoss = (z: number[][], transition: readonly number[]) =>
  mean(
    z.map((row, i) => {
      const p = softmax(row);
      return -Math.log(p.reduce((sum, share, k) => sum + share * transition[4 * k + (labels[i] as number)]!, 0));
    }),
  );

const stateOf = (method: ReturnType<typeof forwardCorrection>, name: string) => method.state().get(name) as Tensor;

describe("forward correction", () => {
  it("by a given matrix equals a plain loop, from the first epoch on", () => {
    const method = forwardCorrection({ ...size, transition: noise });
    expectAllClose(method.loss(logits, { ...everything, epoch: 0 }), plainLoss(rows, noise), { rtol: 1e-10, atol: 0 });
  });

  it("is cross entropy where labels are never changed", () => {
    const identity = Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0));
    const plain = crossEntropy()
      .loss(logits, { ...everything, epoch: 0 })
      .item();
    const method = forwardCorrection({ ...size, transition: Float64Array.from(identity) });
    expectAllClose(method.loss(logits, { ...everything, epoch: 0 }), plain, { rtol: 1e-12, atol: 0 });
  });

  it("estimates the matrix at its start, from each visited sample's last answer, and keeps it", () => {
    const method = forwardCorrection({ ...size, startEpoch: 2 });
    const last = new Map<number, number[]>();
    for (const [epoch, index] of [
      [0, [0, 1, 2, 4]],
      [1, [4, 0, 1, 5]],
    ] as const) {
      const z = randomLogits(epoch + 1, 4, 4);
      const batch = { labels: index.map((i) => labels[i] as number), index, epoch };
      const plain = crossEntropy()
        .loss(tensor(z, { dtype: "float64" }), batch)
        .item();
      expectAllClose(method.loss(tensor(z, { dtype: "float64" }), batch), plain, { rtol: 1e-12, atol: 0 });
      index.forEach((sample, i) => void last.set(sample, softmax(z[i] as number[])));
    }
    const answers = [0, 1, 2, 4, 5].map((sample) => last.get(sample) as number[]);
    const transition = (transitionFromAnchors(
      localState.rows(answers.length, () => tensor(answers, { dtype: "float64" })),
    )?.toArray() ?? []) as number[][];
    for (const epoch of [2, 3]) {
      const loss = method.loss(logits, { ...everything, epoch });
      expectAllClose(loss, plainLoss(rows, transition.flat()), { rtol: 1e-10, atol: 0 });
      expectAllClose(stateOf(method, "transition"), transition, { rtol: 1e-12, atol: 0 });
    }
  });

  it("keeps no predictions where the matrix is given", () => {
    const method = forwardCorrection({ ...size, transition: noise });
    method.loss(logits, { ...everything, epoch: 0 });
    expect(stateOf(method, "predictions").size).toBe(0);
  });

  it("refuses a matrix of another size, and to estimate one from no epoch at all", () => {
    const message = "`transition`: received 9 entries; expected 4 x 4";
    expect(() => forwardCorrection({ ...size, transition: new Array<number>(9).fill(1 / 3) })).toThrow(message);
    const early = "`startEpoch`: received 0; expected 1 or more where `transition` is estimated";
    expect(() => forwardCorrection({ ...size, startEpoch: 0 })).toThrow(new RangeError(early));
    const unvisited = forwardCorrection({ ...size, startEpoch: 1 });
    expect(() => unvisited.loss(logits, { ...everything, epoch: 1 })).toThrow("no samples were visited before epoch 1");
  });
});
