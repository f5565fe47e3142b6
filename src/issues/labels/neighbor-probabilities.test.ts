import { describe, expect, it } from "vitest";
import { randomFrom } from "../../data/index.js";
import { neighborProbabilities } from "./neighbor-probabilities.js";

const random = randomFrom(4, "neighbor probabilities");

describe("probabilities from neighbors", () => {
  const [n, k, classes] = [12, 3, 4];
  const indices = Int32Array.from({ length: n * k }, (_, at) => (Math.floor(at / k) + 1 + random.integer(n - 1)) % n);
  const similarities = Float32Array.from({ length: n * k }, (_, at) => 0.9 - 0.1 * (at % k) - 0.05 * random.uniform());
  indices[4] = -1;
  const labels = Int32Array.from({ length: n }, (_, i) => (i === 7 ? -1 : random.integer(classes)));

  /** The formula, sample by sample; `left` does not vote. */
  function plain(i: number, reliability: (j: number) => number, left = -1): number[] {
    const own = Array.from({ length: k }, (_, j) => i * k + j).filter(
      (at) => indices[at]! >= 0 && indices[at] !== left && labels[indices[at]!]! >= 0,
    );
    const most = Math.max(...Array.from({ length: k }, (_, j) => similarities[i * k + j]!));
    const weight = (at: number) => reliability(indices[at]!) * Math.exp((similarities[at]! - most) / 0.1);
    const all = own.reduce((sum, at) => sum + weight(at), 0);
    return Array.from({ length: classes }, (_, c) => {
      const votes = own.filter((at) => labels[indices[at]!] === c).reduce((sum, at) => sum + weight(at), 0);
      return (1 / classes + votes) / (1 + all);
    });
  }

  it("agree with plain loops over both passes, the second without a sample's vote for its neighbors", () => {
    const found = neighborProbabilities({ k, indices, similarities, recall: 1 }, labels, classes);
    for (let i = 0; i < n; i++) {
      const expected = plain(i, (j) => plain(j, () => 1, i)[labels[j]!]!);
      expect([...found.subarray(i * classes, (i + 1) * classes)]).toEqual(expected.map((p) => expect.closeTo(p, 5)));
    }
    const mutual = (i: number, j: number) => indices.subarray(j * k, (j + 1) * k).includes(i);
    expect(Array.from(indices).some((j, at) => j >= 0 && mutual(Math.floor(at / k), j))).toBe(true);
  });

  it("are equal for all classes where there are no neighbors", () => {
    const none = { k: 2, indices: new Int32Array(4).fill(-1), similarities: new Float32Array(4), recall: 1 };
    expect([...neighborProbabilities(none, Int32Array.of(0, 1), 2)]).toEqual([0.5, 0.5, 0.5, 0.5]);
  });
});
