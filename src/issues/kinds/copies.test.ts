import { describe, expect, it } from "vitest";
import { brightened, imageSamples, mirrored, shifted, waves } from "../../../test/support/wave-images.js";
import { randomFrom, type Samples } from "../../data/index.js";
import type { Features } from "../../data/neighbors/index.js";
import { type DataPart, issueEvidence } from "../part.js";
import { duplicate } from "./duplicate.js";
import { findKinds } from "./find-kinds.js";
import { leakage } from "./leakage.js";

const classes = ["cat", "dog"];
const random = randomFrom(8, "copies of parts");

function partOf(
  name: string,
  samples: Samples | null,
  features: Features | null = null,
  labels?: Int32Array,
): DataPart {
  const given = labels ?? samples!.labels;
  return {
    name,
    indices: Int32Array.from(given.keys()),
    labels: given,
    files: samples?.files,
    samples,
    features,
    probabilities: null,
    unreadable: new Int32Array(),
  };
}

const originals = Array.from({ length: 20 }, (_, i) => waves(i));
const flagged = (flags: Uint8Array) => Array.from(flags.keys()).filter((i) => flags[i] === 1);

describe("duplicates among images", () => {
  const images = [
    ...originals,
    originals[2]!,
    mirrored(originals[2]!),
    brightened(originals[5]!, 1.2, 6),
    originals[9]!,
  ];
  const labels = images.map((_, i) => Number([5, 20].includes(i)));

  it("are groups of exact and near copies; those of different labels are certain errors", async () => {
    const part = partOf("train", imageSamples(images, labels));
    const { columns, groups, summary } = await duplicate.find(issueEvidence(classes, part));
    const [copies, conflicts] = columns;
    expect(groups.map(({ samples, figures }) => [samples, figures.exact, figures.conflicting])).toEqual([
      [[2, 20, 21], false, true],
      [[5, 22], false, true],
      [[9, 23], true, false],
    ]);
    expect(groups[2]!.text).toBe("#9 = #23: exact copies");
    expect(groups[1]!.text).toMatch(/^#5 = #22: near copies, similarity [01]\.\d{3}; labels differ: dog, cat$/);
    expect(flagged(copies!.flags)).toEqual([2, 5, 9, 20, 21, 22, 23]);
    expect(flagged(conflicts!.flags)).toEqual([2, 5, 20, 21, 22]);
    expect([...copies!.scores].every((score) => score >= 0 && score <= 1)).toBe(true);
    expect([copies!.scores[9], conflicts!.scores[9], conflicts!.scores[2]]).toEqual([1, 0, 1]);
    expect(summary).toBe("1 group of exact copies, 2 groups of near copies; labels differ in 2");
  });

  it("need neither labels, nor files in one piece, and are found by features where copies are shifted", async () => {
    const moved = [...originals, shifted(originals[4]!, 4, 4)];
    const files = moved.map((_, i) => `${i}.png`);
    const samples = {
      ...imageSamples(
        moved,
        moved.map(() => -1),
      ),
      files,
    };
    const size = 6;
    const values = Float32Array.from({ length: moved.length * size }, () => random.normal());
    values.copyWithin(20 * size, 4 * size, 5 * size);
    const { groups } = await duplicate.find(issueEvidence(classes, partOf("train", samples, { values, size })));
    expect(groups.map(({ text }) => text)).toEqual([expect.stringMatching(/^4\.png = 20\.png: near copies/)]);
    const unreadable = {
      ...partOf("train", imageSamples([originals[0]!, originals[0]!])),
      unreadable: Int32Array.of(0, 1),
    };
    const both = await duplicate.find(issueEvidence(classes, unreadable));
    expect(both.groups.filter(({ figures }) => figures.exact)).toEqual([]);
  });
});

it.each([0, 10, 40])("duplicates among features are found where all are given, %d of 40 rows twice", async (copies) => {
  const size = 16;
  const rows = Float32Array.from({ length: 40 * size }, () => random.normal());
  const near = rows.slice(0, size).map((value) => value * (1 + 1e-4));
  near[0]! += 1e-4;
  const values = Float32Array.of(...rows, ...rows.subarray(0, copies * size), ...near);
  const part = partOf("train", null, { values, size }, new Int32Array(values.length / size));
  const { groups } = await duplicate.find(issueEvidence(classes, part));
  const pairs = Array.from({ length: copies }, (_, i) => [i, 40 + i]);
  const [first = [0], ...others] = pairs;
  expect(groups.map(({ samples }) => samples).sort((a, b) => a[0]! - b[0]!)).toEqual([
    [...first, 40 + copies],
    ...others,
  ]);
  expect(groups.filter(({ figures }) => figures.exact)).toHaveLength(others.length);
});

describe("duplicates among embeddings", () => {
  const [n, size] = [60, 5];
  const values = Float32Array.from({ length: n * size }, () => random.normal());
  for (const [copy, source] of [
    [41, 3],
    [42, 3],
    [50, 17],
  ] as const) {
    for (let j = 0; j < size; j++) values[copy * size + j] = values[source * size + j]! + 0.003 * random.normal();
  }

  it("are pairs far nearer than neighbors are, by all cosines", async () => {
    const labels = Int32Array.from({ length: n }, (_, i) => Number(i === 50));
    const mean = Array.from({ length: size }, (_, j) =>
      Array.from(labels.keys()).reduce((sum, i) => sum + values[i * size + j]! / n, 0),
    );
    const row = (i: number) => mean.map((m, j) => values[i * size + j]! - m);
    const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, j) => sum + value * b[j]!, 0);
    const cosine = (i: number, j: number) => dot(row(i), row(j)) / Math.sqrt(dot(row(i), row(i)) * dot(row(j), row(j)));
    const rows = Array.from(labels.keys());
    const nearest = rows.map((i) => Math.max(...rows.filter((j) => j !== i).map((j) => cosine(i, j))));
    const median = nearest.map((similarity) => 1 - similarity).sort((a, b) => a - b)[n / 2]!;
    const isCopy = (i: number, j: number) => cosine(i, j) >= 0.98 && 1 - cosine(i, j) < 0.13 * median;
    const copies = rows.filter((i) => rows.some((j) => j !== i && isCopy(i, j)));
    const part = partOf("train", null, { values, size }, labels);
    const { columns, groups } = await duplicate.find(issueEvidence(classes, part));
    expect(flagged(columns[0]!.flags)).toEqual(copies);
    expect(groups.map(({ samples }) => samples)).toEqual([
      [17, 50],
      [3, 41, 42],
    ]);
    nearest.forEach((similarity, i) => {
      expect(columns[0]!.scores[i]).toBeCloseTo(Math.max(0, similarity), 4);
    });
  });

  it("are none where there is nothing to compare", async () => {
    const part = partOf("train", null, null, new Int32Array(3));
    expect(await duplicate.find(issueEvidence(classes, part))).toMatchObject({ groups: [] });
  });
});

describe("leakage", () => {
  it("are the samples with copies in any other part, with those", async () => {
    const train = partOf("train", imageSamples(originals));
    const test = [waves(100), mirrored(originals[7]!), waves(101), originals[12]!, brightened(originals[7]!, 0.8, 4)];
    const other = partOf("test", imageSamples(test, [0, 0, 0, 1, 0]));
    const held = partOf("validation", imageSamples([originals[12]!]));
    const { columns, groups, summary } = await leakage.find(issueEvidence(classes, train, [held, other]));
    expect(flagged(columns[0]!.flags)).toEqual([7, 12]);
    expect(groups.map(({ samples, others, figures }) => [samples, others, figures.exact, figures.conflicting])).toEqual(
      [
        [[12], { part: "test", samples: [3] }, true, true],
        [[12], { part: "validation", samples: [0] }, true, false],
        [[7], { part: "test", samples: [1, 4] }, false, false],
      ],
    );
    expect(groups[0]!.text).toBe("#12 = test #3: exact copies; labels differ: cat, dog");
    expect(summary).toBe("copies in validation: 1 of 20 samples, copies in test: 2 of 20 samples");
    const back = await leakage.find(issueEvidence(classes, other, [train]));
    expect(flagged(back.columns[0]!.flags)).toEqual([1, 3, 4]);
  });

  it("is searched for by features where there are no images, and not without another part", async () => {
    const size = 4;
    const values = Float32Array.from({ length: 40 * size }, () => random.normal());
    const queries = Float32Array.from({ length: 3 * size }, () => random.normal());
    queries.set(values.subarray(8 * size, 9 * size), size);
    const train = partOf("train", null, { values, size }, new Int32Array(40));
    const test = partOf("test", null, { values: queries, size }, new Int32Array(3));
    const { columns } = await leakage.find(issueEvidence(classes, test, [train]));
    expect(flagged(columns[0]!.flags)).toEqual([1]);
    const { notes } = await findKinds(issueEvidence(classes, test), [leakage]);
    expect(notes).toEqual(["leakage: not searched for, without other parts"]);
  });
});
