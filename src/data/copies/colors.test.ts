import { describe, expect, it } from "vitest";
import {
  brightened,
  imageSamples,
  mapped,
  mirrored,
  type Pixels,
  shifted,
  waves,
} from "../../../test/support/wave-images.js";
import { colorDistance } from "./colors.js";
import { leastSimilarity } from "./index.js";
import { similarityOf } from "./similarity.js";
import { thumbnailsOf } from "./thumbnails.js";

const side = 32;

/** One form in one color on another, with the same details. */
function drawing(form: readonly [number, number, number], ground: readonly [number, number, number]): Pixels {
  const details = waves(4);
  return mapped(side, (channel, y, x) => {
    const isInside = (x - 13) ** 2 + (y - 17) ** 2 < 81;
    return (isInside ? form : ground)[channel]! + details[y * side + x]! / 5;
  });
}

const red = drawing([180, 20, 20], [200, 200, 180]);
const blue = drawing([20, 60, 120], [200, 200, 180]);
const onYellow = drawing([180, 20, 20], [210, 200, 20]);

/** Each channel nearer to the mean of all. */
const faded = (image: Pixels, factor: number): Pixels =>
  mapped(side, (channel, y, x) => {
    const [r, g, b] = [0, 1, 2].map((c) => image[(c * side + y) * side + x]!) as [number, number, number];
    const mean = (r + g + b) / 3;
    return mean + ([r, g, b][channel]! - mean) / factor;
  });

const distanceOf = async (first: Pixels, second: Pixels, alignment = { mirrored: false, dx: 0, dy: 0 }) => {
  const thumbnails = await thumbnailsOf(imageSamples([first, second]));
  return colorDistance(thumbnails, 0, thumbnails, 1, alignment);
};

/** (8, 8) means of 4 x 4 pixels of some sum of the channels. */
const meansOf = (image: Pixels, of: (r: number, g: number, b: number) => number) =>
  Array.from({ length: 64 }, (_, cell) => {
    const at = Array.from({ length: 16 }, (_, k) => {
      const [y, x] = [4 * Math.floor(cell / 8) + Math.floor(k / 4), 4 * (cell % 8) + (k % 4)];
      return y * side + x;
    });
    return at.reduce((sum, i) => sum + of(image[i]!, image[1024 + i]!, image[2048 + i]!) / 16, 0);
  });

/** The definition, with every f of a grid tried. */
function plainDistance(first: Pixels, second: Pixels): number {
  const relative = (image: Pixels) => {
    const gray = meansOf(image, (r, g, b) => (r + g + b) / 3);
    const colors = [...meansOf(image, (r, g) => r - g), ...meansOf(image, (r, g, b) => (r + g) / 2 - b)];
    const mean = sumOf(gray) / 64;
    const contrast = Math.sqrt(sumOf(gray.map((value) => (value - mean) ** 2)) / 64 + sumOf(colors.map(squared)) / 128);
    return colors.map((value) => value / contrast);
  };
  const [pale, strong] = [relative(first), relative(second)].sort(
    (a, b) => sumOf(a.map(squared)) - sumOf(b.map(squared)),
  ) as [number[], number[]];
  const distances = Array.from({ length: 501 }, (_, k) => {
    const rest = pale.map((value, at) => value - (0.5 + k / 1000) * strong[at]!);
    return Math.sqrt(sumOf(rest.map(squared)) / 128);
  });
  return Math.min(...distances);
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const squared = (value: number) => value ** 2;

describe("the distance of colors", () => {
  it.each([
    ["another color", red, blue],
    ["another ground", red, onYellow],
    ["clipped light", red, brightened(red, 1.4, 40)],
    ["a third of the colors", red, faded(red, 3)],
  ])("with %s is that of the definition", async (_, first, second) => {
    expect(await distanceOf(first, second)).toBeCloseTo(plainDistance(first, second), 3);
  });

  it("is next to 0 where only light, strength, side or place is another", async () => {
    expect(await distanceOf(red, faded(red, 1.9))).toBeLessThan(0.05);
    expect(await distanceOf(red, brightened(red, 0.8, 20))).toBeLessThan(0.05);
    expect(await distanceOf(red, mirrored(red), { mirrored: true, dx: 0, dy: 0 })).toBeLessThan(1e-4);
    expect(await distanceOf(red, shifted(red, 4, -4), { mirrored: false, dx: 4, dy: -4 })).toBeLessThan(0.05);
    expect(await distanceOf(waves(1), waves(2))).toBe(0);
  });
});

it("drawings of the same form in other colors are no copies", async () => {
  const thumbnails = await thumbnailsOf(imageSamples([red, blue, onYellow, mirrored(brightened(red, 0.7, 30))]));
  const similarities = [1, 2, 3].map((other) => similarityOf(thumbnails, 0, thumbnails, other));
  expect(similarities).toEqual([0, 0, expect.closeTo(1, 2)]);
  expect(similarities[2]).toBeGreaterThan(leastSimilarity);
});
