import { describe, expect, it } from "vitest";
import { liveTensors } from "../../torch/index.js";
import { randomFrom } from "../index.js";
import { type Features, findNeighbors } from "./index.js";

const random = randomFrom(3, "neighbors test");

function randomFeatures(samples: number, size: number, clusters = 5): Features {
  const centers = Array.from({ length: clusters * size }, () => random.normal());
  const values = Float32Array.from(
    { length: samples * size },
    (_, at) => centers[(Math.floor(at / size) % clusters) * size + (at % size)]! + 0.3 * random.normal(),
  );
  return { values, size };
}

/** The cosines of the centered rows with one query, by loops. */
function cosines({ values, size }: Features, rows: readonly number[], query: readonly number[]): Map<number, number> {
  const row = (i: number) => Array.from(values.subarray(i * size, (i + 1) * size));
  const mean = Array.from({ length: size }, (_, j) => rows.reduce((sum, i) => sum + row(i)[j]!, 0) / rows.length);
  const centered = (of: readonly number[]) => of.map((value, j) => value - mean[j]!);
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, j) => sum + value * b[j]!, 0);
  const q = centered(query);
  return new Map(
    rows.map((i) => {
      const f = centered(row(i));
      return [i, dot(f, q) / Math.sqrt(dot(f, f) * dot(q, q))];
    }),
  );
}

function nearest(found: Map<number, number>, k: number): number[] {
  return [...found.entries()]
    .sort((a, b) => b[1] - a[1])
    .slice(0, k)
    .map(([i]) => i);
}

const everyRow = (count: number) => Array.from({ length: count }, (_, i) => i);

describe("findNeighbors", () => {
  const features = randomFeatures(60, 7);
  const rowOf = (i: number) => Array.from(features.values.subarray(i * 7, (i + 1) * 7));

  it("agrees with plain loops, and leaves no tensor behind", async () => {
    const before = liveTensors();
    const { indices, similarities, recall } = await findNeighbors(features, { k: 4 });
    for (const i of everyRow(60)) {
      const all = cosines(features, everyRow(60), rowOf(i));
      all.delete(i);
      expect([...indices.subarray(i * 4, i * 4 + 4)]).toEqual(nearest(all, 4));
      for (let j = 0; j < 4; j++) expect(similarities[i * 4 + j]).toBeCloseTo(all.get(indices[i * 4 + j]!)!, 5);
    }
    expect(recall).toBe(1);
    expect(liveTensors()).toBe(before);
  });

  it("leaves unreadable samples alone, on both sides", async () => {
    const { indices, similarities } = await findNeighbors(features, { k: 3, unreadable: Int32Array.of(2, 40) });
    expect([...indices.subarray(6, 9)]).toEqual([-1, -1, -1]);
    expect([...similarities.subarray(6, 9)]).toEqual([-1, -1, -1]);
    expect(indices.includes(40)).toBe(false);
    const readable = everyRow(60).filter((i) => i !== 2 && i !== 40);
    const all = cosines(features, readable, rowOf(5));
    all.delete(5);
    expect([...indices.subarray(15, 18)]).toEqual(nearest(all, 3));
  });

  it("compares queries with the samples, centered by the samples' mean", async () => {
    const queries = randomFeatures(9, 7);
    const found = await findNeighbors(features, { k: 2, queries, unreadableQueries: Int32Array.of(0) });
    expect([...found.indices.subarray(0, 2)]).toEqual([-1, -1]);
    for (let i = 1; i < 9; i++) {
      const all = cosines(features, everyRow(60), Array.from(queries.values.subarray(i * 7, (i + 1) * 7)));
      expect([...found.indices.subarray(i * 2, i * 2 + 2)]).toEqual(nearest(all, 2));
    }
  });

  it("fills up with -1 where there are fewer samples than neighbors", async () => {
    const { indices } = await findNeighbors(randomFeatures(3, 4, 3), { k: 5 });
    expect([...indices.subarray(0, 5)].filter((i) => i >= 0).sort()).toEqual([1, 2]);
    expect([...(await findNeighbors({ values: new Float32Array(0), size: 4 }, { k: 2 })).indices]).toEqual([]);
  });

  it("finds nearly all of them by the index, and says how many", async () => {
    const many = randomFeatures(3000, 16);
    const exact = await findNeighbors(many, { k: 10 });
    const approximate = await findNeighbors(many, { k: 10, mostExact: 100, unreadable: Int32Array.of(7) });
    const shared = everyRow(3000).map((i) => {
      const truth = new Set(exact.indices.subarray(i * 10, i * 10 + 10));
      return [...approximate.indices.subarray(i * 10, i * 10 + 10)].filter((j) => truth.has(j)).length;
    });
    const recall = shared.reduce((sum, count) => sum + count, 0) / 30_000;
    expect(recall).toBeGreaterThan(0.9);
    expect(Math.abs(approximate.recall - recall)).toBeLessThan(0.03);
    expect(approximate.indices.includes(7)).toBe(false);
    const [i, j] = [11, approximate.indices[110]!];
    expect(approximate.similarities[110]).toBeCloseTo(
      exact.similarities[110 + exact.indices.subarray(110, 120).indexOf(j)]!,
      1,
    );
    expect(j).not.toBe(i);
  });
});
