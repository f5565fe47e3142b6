import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { classNames, noisy, smallEmbeddings, smallImages } from "../../../test/support/noise-data.js";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { InputError } from "../../errors.js";
import { writeNpy } from "../tables/npy.js";
import { applyNoise } from "./apply.js";

const folder = temporaryFolder()("noise");
const images = smallImages(400, 10);
const matrix = join(folder, "matrix.csv");
writeFileSync(
  matrix,
  Array.from({ length: 10 }, (_, i) => Array.from({ length: 10 }, (_, j) => (i === j ? 0.55 : 0.05))).join("\n"),
);

const labelNoises = [
  ["symmetric", "symmetric:0.4"],
  ["asymmetric", "asymmetric:0.4:class 1=class 2,3=4"],
  ["pair", "pair:0.4"],
  ["instance", "instance:0.4"],
  ["matrix", `matrix:${matrix}`],
] as const;
const imageNoises = [
  ["gaussian", "gaussian:0.4"],
  ["random-pixels", "random-pixels:0.4"],
  ["shuffled-pixels", "shuffled-pixels:0.4"],
] as const;

describe.each([...labelNoises, ...imageNoises])("%s noise", (kind, text) => {
  it("depends on the seed alone, and leaves the samples given as they are", async () => {
    const before = { ...images, values: images.values.slice(), labels: images.labels.slice() };
    expect(await noisy(text, images, 5)).toEqual(await noisy(text, images, 5));
    expect((await noisy(text, images, 5)).samples).not.toEqual((await noisy(text, images, 6)).samples);
    expect(images).toEqual(before);
  });

  it("is read back from the file of what it changed", async () => {
    const { samples, changed, corruptedImages } = await noisy(text, images, 7);
    const path = join(folder, "noisy.npy");
    const ofImages = corruptedImages.length > 0;
    writeFileSync(path, ofImages ? writeNpy(corruptedImages) : writeNpy(changed, [changed.length / 2, 2]));
    expect(await noisy(`${ofImages ? kind : "file"}:${path}`, images, 7)).toEqual({
      samples,
      changed,
      corruptedImages,
    });
  });
});

it("needs two classes, unless the labels are listed", async () => {
  const samples = { values: new Float32Array(4), shape: [1], labels: new Int32Array(4) };
  const asked = (spec: string) => applyNoise({ samples, classes: ["a"], format: "arrays", spec, seed: 0 });
  for (const kind of ["symmetric", "asymmetric", "pair", "instance"]) {
    await expect(asked(`${kind}:0.5`), kind).rejects.toThrow(`noise \`${kind}\` needs two classes or more; received 1`);
  }
  expect(Array.from((await asked("none")).samples.labels)).toEqual([0, 0, 0, 0]);
});

describe("noise of labels", () => {
  it.each(labelNoises)("(%s) lists exactly the labels that differ, and leaves the images", async (_, text) => {
    const { samples, changed, corruptedImages } = await noisy(text, images);
    const differing = [...samples.labels.keys()].filter((i) => samples.labels[i] !== images.labels[i]);
    expect([...changed]).toEqual(differing.flatMap((i) => [i, samples.labels[i]!]));
    expect(differing.length).toBeGreaterThan(0);
    expect(samples.values).toBe(images.values);
    expect(corruptedImages).toHaveLength(0);
  });

  it("works on arrays as on images", async () => {
    const embeddings = smallEmbeddings(100, 10);
    for (const [, text] of labelNoises) expect((await noisy(text, embeddings)).changed.length).toBeGreaterThan(0);
  });

  it("changes nothing where there is none", async () => {
    for (const text of ["none", "symmetric:0", "pair:0", "instance:0", "gaussian:0"]) {
      const { samples, changed, corruptedImages } = await noisy(text, images);
      expect(samples).toEqual(images);
      expect(changed.length + corruptedImages.length).toBe(0);
    }
  });
});

describe("symmetric noise", () => {
  const labels = Int32Array.from({ length: 10_000 }, (_, i) => i % 10);
  const samples = { values: new Float32Array(10_000), shape: [1], labels };

  it("redraws floor(rate n) labels over all classes, so that rate (1 - 1/C) of all end wrong", async () => {
    const { changed } = await noisy("symmetric:0.4", samples);
    expect(Math.abs(changed.length / 2 - 3600)).toBeLessThan(80);
    const everything = await noisy("symmetric:1", samples);
    expect(Math.abs(everything.changed.length / 2 - 9000)).toBeLessThan(120);
    const counts = new Int32Array(10);
    for (const label of everything.samples.labels) counts[label]!++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(130);
  });
});

it.each(["symmetric", "pair", "instance"] as const)(
  "refuses a rate of %s outside [0, 1] from a library's caller too",
  async (kind) => {
    for (const rate of [1.5, -0.1, Number.NaN]) {
      const options = { samples: images, classes: classNames(10), spec: { kind, rate }, seed: 0 };
      await expect(applyNoise(options)).rejects.toThrow(InputError);
      await expect(applyNoise(options)).rejects.toThrow(`noise rate "${rate}" is out of range`);
    }
  },
);
