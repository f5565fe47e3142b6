import { describe, expect, it } from "vitest";
import { randomFrom } from "../random.js";
import { shapesDataSet } from "../synthetic/shapes.js";
import { copiesTogether } from "./copies-together.js";
import { groupsOfCopies } from "./groups-of-copies.js";
import { stratifiedSplit } from "./split.js";
import { withTestPart } from "./test-part.js";

const classes = ["a", "b"];
const random = randomFrom(2, "copies together");
const samplesOf = (values: readonly number[], labels: readonly number[]) => ({
  values: Float32Array.from(values),
  shape: [1],
  labels: Int32Array.from(labels),
});

describe("copies", () => {
  const values = Array.from({ length: 400 }, () => random.integer(300));
  const samples = samplesOf(
    values,
    values.map((_, i) => i % 2),
  );

  it("are on the side of the first of them, and all other samples where they were drawn", async () => {
    const drawn = stratifiedSplit(samples.labels, classes, 0.2, 5);
    const split = await copiesTogether(drawn, samples, samples.labels);
    const heldOut = new Set(drawn.validation);
    const expected = values.flatMap((value, i) => (heldOut.has(values.indexOf(value)) ? [i] : []));
    expect([...split.validation]).toEqual(expected);
    expect([...split.train, ...split.validation].sort((a, b) => a - b)).toEqual([...samples.labels.keys()]);
    const moved = values.filter((_, i) => heldOut.has(i) !== expected.includes(i)).length;
    expect(split.notes).toEqual([`copies stay on one side of the split: ${moved} samples changed sides`]);
    expect(moved).toBeGreaterThan(20);
    expect(await copiesTogether(drawn, samples, samples.labels)).toEqual(split);
  });

  it("leave a split alone where there are none, and copies apart that are all samples of a class", async () => {
    const unique = samplesOf([1, 2, 3, 4], [0, 0, 1, 1]);
    const drawn = stratifiedSplit(unique.labels, classes, 0.5, 0);
    expect(await copiesTogether(drawn, unique, unique.labels)).toBe(drawn);
    const twins = samplesOf([1, 1, 3, 3], [0, 0, 1, 1]);
    expect(await copiesTogether(drawn, twins, twins.labels)).toBe(drawn);
    const three = samplesOf([5, 5, 6, 7], [0, 0, 0, 1]);
    const [first, last] = [Int32Array.of(0), Int32Array.of(1, 2, 3)];
    const split = await copiesTogether({ train: first, validation: last, notes: [] }, three, three.labels);
    expect([[...split.train], [...split.validation]]).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it("are not images of one color, such as those in the place of missing files", async () => {
    const split = { train: Int32Array.of(0, 2, 4, 6), validation: Int32Array.of(1, 3, 5, 7), notes: [] };
    const labels = Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1);
    /** Images 0 and 1 are equal. */
    const images = (first: (at: number) => number) => ({
      values: Uint8Array.from({ length: 8 * 12 }, (_, at) => (at < 24 ? first(at) : at)),
      shape: [3, 2, 2],
      labels,
    });
    expect(
      await copiesTogether(
        split,
        images(() => 0),
        labels,
      ),
    ).toBe(split);
    const together = await copiesTogether(
      split,
      images((at) => at % 2),
      labels,
    );
    expect([...together.validation]).toEqual([3, 5, 7]);
  });

  it("are also images that are mirrored or brighter, unless many images are alike", async () => {
    const { train: drawn } = shapesDataSet({ train: 40, test: 0, size: 32, seed: 3 });
    const size = 3 * 32 * 32;
    const image = (i: number) => drawn.values.slice(i * size, (i + 1) * size);
    const mirrored = image(0).map((_, at) => image(0)[at - (at % 32) + 31 - (at % 32)]!);
    const brighter = image(1).map((value) => Math.min(255, 1.1 * value + 5));
    const values = new Uint8Array(42 * size);
    for (const [i, one] of [...Array.from({ length: 40 }, (_, i) => image(i)), mirrored, brighter].entries())
      values.set(one, i * size);
    const labels = Int32Array.from({ length: 42 }, (_, i) => i % 2);
    const all = { values, shape: [3, 32, 32], labels };
    const split = { train: labels.map((_, i) => i).subarray(0, 40), validation: Int32Array.of(40, 41), notes: [] };
    expect(await groupsOfCopies(all, labels)).toEqual([
      [0, 40],
      [1, 41],
    ]);
    expect((await copiesTogether(split, all, labels)).notes).toEqual([
      "copies stay on one side of the split: 2 samples changed sides",
    ]);
    const repeated = { ...all, values: values.map((_, at) => brighter[at % size]! ^ (Math.floor(at / size) % 2)) };
    expect(await groupsOfCopies(repeated, labels)).toHaveLength(2);
  });

  it("are not between the training and the test part that is split off", async () => {
    const data = { format: "arrays", classes, train: samples, test: null, notes: [] };
    const { train, test, notes } = await withTestPart(data, 0.2);
    const trained = new Set((train as typeof samples).values);
    expect([...(test as typeof samples).values].filter((value) => trained.has(value))).toEqual([]);
    expect(notes.join()).toContain("copies stay on one side of the split");
  });
});
