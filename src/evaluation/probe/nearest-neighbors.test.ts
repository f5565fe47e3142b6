import { describe, expect, it } from "vitest";
import { randomFrom } from "../../data/index.js";
import { liveTensors } from "../../torch/index.js";
import { nearestNeighbors } from "./nearest-neighbors.js";

const classes = 3;
const size = 4;
const random = randomFrom(2, "neighbors test");

/** Rows whose cosines are exact in float32: few values, norms of 1 or 2. Many of them are the same, or equally near. */
const corners = [
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [0, 0, 0, -1],
  [1, 1, 1, 1],
  [1, -1, 1, 1],
  [-1, 1, 1, -1],
  [0, 0, 0, 0],
];
const rowsOf = (count: number) => Array.from({ length: count }, () => corners[random.integer(corners.length)]!);
const bank = rowsOf(40);
const queries = rowsOf(25);
const labels = Int32Array.from(bank, () => random.integer(classes));
const flat = (rows: readonly (readonly number[])[]) => Float32Array.from(rows.flat());

function plainVote(query: readonly number[], k: number, temperature: number): number {
  const norm = (row: readonly number[]) => Math.max(Math.hypot(...row), 1e-12);
  const nearest = bank
    .map((row, sample) => {
      const similarity = row.reduce((sum, value, j) => sum + value * query[j]!, 0) / norm(row) / norm(query);
      return { sample, similarity };
    })
    .sort((a, b) => (a.similarity === b.similarity ? a.sample - b.sample : b.similarity - a.similarity))
    .slice(0, k);
  const votes = [0, 0, 0];
  for (const { sample, similarity } of nearest) votes[labels[sample]!]! += Math.exp(similarity / temperature);
  return votes.indexOf(Math.max(...votes));
}

const ask = (k: number, temperature: number) =>
  nearestNeighbors({ features: flat(bank), size, labels }, flat(queries), { classes, k, temperature });

describe("nearest neighbors", () => {
  it("vote as in a plain loop, equals in their order, whatever k and temperature", () => {
    for (const [k, temperature] of [
      [1, 1],
      [3, 0.1],
      [7, 0.5],
      [12, 2],
      [40, 0.1],
    ] as const) {
      expect([...ask(k, temperature)]).toEqual(queries.map((query) => plainVote(query, k, temperature)));
    }
  });

  it("are all samples where k is more", () => {
    expect(ask(1000, 0.3)).toEqual(ask(40, 0.3));
  });

  it("do not depend on the features' lengths", () => {
    const longer = flat(bank.map((row, i) => row.map((value) => value * 2 ** (i % 5))));
    const options = { classes, k: 5, temperature: 0.2 };
    expect(nearestNeighbors({ features: longer, size, labels }, flat(queries), options)).toEqual(ask(5, 0.2));
  });

  it("let the nearest alone decide at a low temperature, without overflow", () => {
    expect([...ask(9, 1e-4)]).toEqual(
      queries.map((query) => {
        const similarity = bank.map(
          (row) => row.reduce((sum, value, j) => sum + value * query[j]!, 0) / (Math.hypot(...row) || 1),
        );
        const near = bank
          .map((_, i) => i)
          .filter((i) => similarity[i] === Math.max(...similarity))
          .slice(0, 9);
        const votes = [0, 1, 2].map((label) => near.filter((i) => labels[i] === label).length);
        return votes.indexOf(Math.max(...votes));
      }),
    );
  });

  it("are found the same in one piece or many, and leave no tensor behind", () => {
    const count = 5000;
    const many = Float32Array.from({ length: count * size }, () => random.normal());
    const own = { features: many, size, labels: Int32Array.from({ length: count }, (_, i) => i % classes) };
    const before = liveTensors();
    const together = nearestNeighbors(own, many.slice(0, 3500 * size), { classes, k: 10 });
    const apart = [0, 1777, 3499].map(
      (i) => nearestNeighbors(own, many.slice(i * size, (i + 1) * size), { classes, k: 10 })[0],
    );
    expect([0, 1777, 3499].map((i) => together[i])).toEqual(apart);
    expect(liveTensors()).toBe(before);
  });
});
