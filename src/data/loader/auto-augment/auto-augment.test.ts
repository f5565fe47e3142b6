import { describe, expect, it } from "vitest";
import { tinyShapes } from "../../../../test/support/tiny-run.js";
import { randomFrom } from "../../random.js";
import type { Samples } from "../../types.js";
import { createLoader } from "../loader.js";
import { autoAugment, parseAutoAugment } from "./auto-augment.js";
import * as operations from "./pixel-operations.js";

const gray = (pixels: readonly number[], width: number) => ({
  pixels: Uint8Array.from(pixels),
  channels: 1,
  height: pixels.length / width,
  width,
});
const of = ({ pixels }: operations.Planes) => [...pixels];
const image = gray([0, 10, 20, 100, 110, 120, 200, 210, 255], 3);

describe("operations on pixels", () => {
  it.each<[string, operations.Planes, number[]]>([
    ["brightness", operations.brightness(image, 0.5), [0, 5, 10, 50, 55, 60, 100, 105, 128]],
    ["no change by a factor of 1", operations.contrast(image, 1), of(image)],
    ["contrast of 0 is the mean gray", operations.contrast(image, 0), new Array(9).fill(114)],
    ["color of one channel", operations.color(image, 0.3), of(image)],
    ["sharpness leaves the border", operations.sharpness(image, 0), [0, 10, 20, 100, 113, 120, 200, 210, 255]],
    ["posterize", operations.posterize(image, 2), [0, 0, 0, 64, 64, 64, 192, 192, 192]],
    ["solarize", operations.solarize(image, 110), [0, 10, 20, 100, 145, 135, 55, 45, 0]],
    ["auto contrast", operations.autoContrast(gray([50, 100, 150, 100], 2)), [0, 128, 255, 128]],
    ["auto contrast of one color", operations.autoContrast(gray([7, 7], 2)), [7, 7]],
    ["a shift", operations.affine(image, { dx: 1 }), [10, 20, 0, 110, 120, 0, 210, 255, 0]],
    [
      "a turn by 90 degrees",
      operations.affine(image, { a: 0, b: -1, c: 1, d: 0 }),
      [20, 120, 255, 10, 110, 210, 0, 100, 200],
    ],
  ])("%s", (_, made, expected) => expect(of(made)).toEqual(expected));

  it("even out a histogram as Pillow does", () => {
    const ramp = gray(
      Array.from({ length: 1024 }, (_, i) => Math.floor(i / 16)),
      32,
    );
    const values = [...new Set(of(operations.equalize(ramp)))];
    // 48 steps of 16/3, and 255 for all beyond.
    expect(values.length).toBe(49);
    expect(Math.max(...values)).toBe(255);
    expect(values.slice(0, 3)).toEqual([0, 5, 11]);
  });
});

describe("auto augmentation", () => {
  it.each(["3", "0:9", "2:31", "2:-1", "wide", ""])("is refused for %s", (text) => {
    expect(() => parseAutoAugment(text)).toThrow(
      `expected OPERATIONS:MAGNITUDE, such as 2:9 (magnitudes 0 to 30), or trivial`,
    );
  });

  it("draws every operation, the same by the same key, and keeps bytes and shape", () => {
    const color = {
      pixels: Uint8Array.from({ length: 192 }, (_, i) => (i * 37) % 256),
      channels: 3,
      height: 8,
      width: 8,
    };
    for (const text of ["2:9", "1:30", "trivial"]) {
      const how = parseAutoAugment(text);
      const made = Array.from({ length: 60 }, (_, i) => of(autoAugment(color, how, randomFrom(i))).join());
      expect(made).toEqual(Array.from({ length: 60 }, (_, i) => of(autoAugment(color, how, randomFrom(i))).join()));
      expect(new Set(made).size).toBeGreaterThan(12);
    }
  });
});

describe("augmented batches", () => {
  const samples: Samples = tinyShapes.train;
  const imagesOf = async (options: object, epoch = 0, batchSize = 30) => {
    using loader = createLoader({ samples });
    const source = loader.augmented({ augment: "none", seed: 1, ...options });
    const all: number[] = [];
    for await (const { images } of source.batches({ batchSize, epoch })) all.push(...Array.from(images.data(), Number));
    return all;
  };

  it("depend on seed, epoch and sample, not on the batch", async () => {
    const options = { randAugment: "2:9", randomErasing: 0.5 };
    const made = await imagesOf(options);
    expect(await imagesOf(options, 0, 7)).toEqual(made);
    expect(await imagesOf(options, 1)).not.toEqual(made);
    expect(made).not.toEqual(await imagesOf({}));
  });

  it("have rectangles of some images erased", async () => {
    const [plain, made] = [await imagesOf({}), await imagesOf({ randomErasing: 1 })];
    const size = made.length / samples.labels.length;
    const changed = Array.from(samples.labels, (_, i) => {
      const pixels = made.slice(i * size, (i + 1) * size).map((value, j) => value !== plain[i * size + j]);
      return pixels.filter(Boolean).length / size;
    });
    expect(made.every((value, i) => value === 0 || value === plain[i])).toBe(true);
    expect(changed.filter((fraction) => fraction > 0).length).toBeGreaterThan(40);
    expect(Math.max(...changed)).toBeLessThan(0.4);
  });
});
