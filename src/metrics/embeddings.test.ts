import { describe, expect, it } from "vitest";
import { alignment, effectiveRank, embeddingDeviation, uniformity, unitRows } from "./embeddings.js";

/** Numbers between -1 and 1 without a pattern. */
function drawn(count: number, seed = 1): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return (2 * state) / 2147483647 - 1;
  });
}

const [samples, size] = [9, 4];
const embeddings = drawn(samples * size);
const rows = Array.from({ length: samples }, (_, i) => [...embeddings.subarray(i * size, (i + 1) * size)]);
const unit = (row: number[]) => row.map((value) => value / Math.hypot(...row));
const distance = (a: number[], b: number[]) => a.reduce((sum, value, k) => sum + (value - b[k]!) ** 2, 0);
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Samples along the axes of d dimensions, both ways: as evenly spread as can be. */
const axes = (d: number) =>
  Float64Array.from({ length: 2 * d * d }, (_, i) => {
    const row = Math.floor(i / d);
    return i % d === row % d ? (row < d ? 1 : -1) : 0;
  });

describe("the health of an embedding", () => {
  it("is measured on rows of length 1, whatever their length was; a row of zeros stays", () => {
    expect([...unitRows(Float32Array.of(3, 4, 0, 0, -2, 0), 3)]).toEqual([0.6, 0.8, 0, 0, -1, 0]);
    const longer = embeddings.map((value, i) => value * (1 + Math.floor(i / size)));
    expect(embeddingDeviation(longer, samples)).toBeCloseTo(embeddingDeviation(embeddings, samples), 12);
    expect(uniformity(longer, samples)).toBeCloseTo(uniformity(embeddings, samples), 12);
    expect(alignment(longer, embeddings, samples)).toBeCloseTo(0, 12);
  });

  it("has the mean deviation of its columns: what a plain loop gives, 0 of a collapsed one, 1 / sqrt(d) of an even one", () => {
    const units = rows.map(unit);
    const deviations = Array.from({ length: size }, (_, j) => {
      const column = units.map((row) => row[j]!);
      return Math.sqrt(mean(column.map((value) => (value - mean(column)) ** 2)));
    });
    expect(embeddingDeviation(embeddings, samples)).toBeCloseTo(mean(deviations), 12);
    expect(embeddingDeviation(Float64Array.of(1, 2, 2, 4, 3, 6), 3)).toBeCloseTo(0, 12);
    for (const d of [2, 5, 16]) expect(embeddingDeviation(axes(d), 2 * d)).toBeCloseTo(1 / Math.sqrt(d), 12);
  });

  it("has the effective rank of its singular values' entropy", () => {
    expect(effectiveRank([3, 3, 3, 3, 0])).toBeCloseTo(4, 12);
    expect(effectiveRank(Float32Array.of(7, 0, 0))).toBe(1);
    expect(effectiveRank([0, 0])).toBe(0);
    const [a, b] = [0.75, 0.25];
    expect(effectiveRank([6, 2])).toBeCloseTo(a ** -a * b ** -b, 12);
    expect(effectiveRank([60, 20])).toBeCloseTo(effectiveRank([2, 6]), 12);
  });

  it("has the uniformity of all pairs of different samples, and is 0 where they are one", () => {
    const pairs = rows.flatMap((a, i) => rows.slice(i + 1).map((b) => Math.exp(-2 * distance(unit(a), unit(b)))));
    expect(pairs).toHaveLength(36);
    expect(uniformity(embeddings, samples)).toBeCloseTo(Math.log(mean(pairs)), 12);
    expect(uniformity(Float64Array.of(1, 2, 2, 4, 3, 6), 3)).toBeCloseTo(0, 12);
    expect(uniformity(Float64Array.of(1, 0, -1, 0), 2)).toBeCloseTo(-8, 12);
  });

  it("has the alignment of two views, pair by pair", () => {
    const others = drawn(samples * size, 5);
    const partners = rows.map((_, i) => [...others.subarray(i * size, (i + 1) * size)]);
    const plain = mean(rows.map((row, i) => distance(unit(row), unit(partners[i]!))));
    expect(alignment(embeddings, others, samples)).toBeCloseTo(plain, 12);
    expect(alignment(Float64Array.of(1, 0), Float64Array.of(-5, 0), 1)).toBe(4);
  });

  it("is not measured on what is no embedding", () => {
    expect(() => embeddingDeviation(embeddings, 5)).toThrow("36 values of 5 samples: expected (n, d) row-major");
    expect(() => uniformity(embeddings, 1)).toThrow("uniformity of 1 samples: expected two or more");
    expect(() => alignment(embeddings, drawn(8), 4)).toThrow("views of 36 and 8 values: expected equally many");
    expect(() => effectiveRank([1, -1])).toThrow("expected numbers of at least 0, received -1");
    expect(() => effectiveRank([])).toThrow("expected numbers of at least 0, received none");
  });
});
