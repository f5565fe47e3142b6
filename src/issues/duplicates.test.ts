import { describe, expect, it } from "vitest";
import { randomFrom } from "../data/index.js";
import { liveTensors } from "../torch/index.js";
import { findDuplicates } from "./duplicates.js";

const [n, featureSize] = [50, 6];
const random = randomFrom(9, "duplicates test");
const features = Float32Array.from({ length: n * featureSize }, () => random.integer(1000) / 1000);
const labels = Int32Array.from({ length: n }, (_, i) => i % 3);
const values = Float32Array.from({ length: n * 2 }, (_, i) => i);
const samples = { values, shape: [2], labels };

function plainCosine(a: number, b: number): number {
  const mean = Array.from({ length: featureSize }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += features[i * featureSize + j]!;
    return sum / n;
  });
  const row = (i: number) => mean.map((value, j) => features[i * featureSize + j]! - value);
  const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, j) => sum + value * y[j]!, 0);
  return dot(row(a), row(b)) / Math.sqrt(dot(row(a), row(a)) * dot(row(b), row(b)));
}

const pairs = [...labels.keys()].flatMap((first) =>
  [...labels.keys()].slice(first + 1).map((second) => ({ first, second, similarity: plainCosine(first, second) })),
);
const conflicts = ({ first, second }: { first: number; second: number }) => labels[first] !== labels[second];
const named = (list: readonly { first: number; second: number }[]) =>
  list.map(({ first, second }) => `${first} ${second}`);

describe("near-duplicates", () => {
  it.each([7, 16, 1024])("are those of all pairs compared one by one, in blocks of %i", async (block) => {
    const result = await findDuplicates({ features, featureSize, samples, least: 0.5, most: 1000, block });
    const expected = pairs.filter(({ similarity }) => similarity > 0.5).sort((a, b) => b.similarity - a.similarity);
    expect(expected.length).toBeGreaterThan(20);
    expect(named(result)).toEqual(named(expected));
    result.forEach(({ similarity, conflicting, ...pair }, k) => {
      expect(similarity).toBeCloseTo(expected[k]!.similarity, 4);
      expect(conflicting).toBe(conflicts(pair));
    });
  });

  it("are at most so many of all, and so many of those with conflicting labels", async () => {
    const result = await findDuplicates({ features, featureSize, samples, least: 0.5, most: 5, block: 16 });
    const ranked = pairs.sort((a, b) => b.similarity - a.similarity);
    const expected = new Set([...named(ranked.slice(0, 5)), ...named(ranked.filter(conflicts).slice(0, 5))]);
    expect(new Set(named(result))).toEqual(expected);
  });

  it("always count where the values themselves are equal", async () => {
    const equal = values.slice();
    equal.copyWithin(2 * 31, 2 * 4, 2 * 4 + 2);
    equal.copyWithin(2 * 40, 2 * 4, 2 * 4 + 2);
    const result = await findDuplicates({
      features,
      featureSize,
      samples: { ...samples, values: equal, files: Array.from(samples.labels.keys(), (i) => `${i}.png`) },
      least: 0.9999,
    });
    expect(result).toEqual([
      { first: 4, second: 31, files: ["4.png", "31.png"], similarity: 1, conflicting: false },
      { first: 4, second: 40, files: ["4.png", "40.png"], similarity: 1, conflicting: false },
    ]);
  });

  it("are found without leaving tensors behind", async () => {
    const before = liveTensors();
    await findDuplicates({ features, featureSize, samples, least: 0.5, block: 16 });
    expect(liveTensors()).toBe(before);
  });
});
