import { describe, expect, it } from "vitest";
import { type Pixels, pixelStatistics } from "./statistics.js";

/** An image by a function of the place. */
function imageOf(
  height: number,
  width: number,
  color: (y: number, x: number) => readonly [number, number, number],
): Pixels {
  const values = Uint8Array.from({ length: 3 * height * width }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return color(Math.floor(pixel / width), pixel % width)[i % 3]!;
  });
  return { values, height, width };
}

describe("the statistics of an image", () => {
  it("are those of one color", () => {
    const gray = pixelStatistics(imageOf(4, 6, () => [51, 51, 51]));
    expect(gray).toMatchObject({ contrast: expect.closeTo(0, 6), entropy: expect.closeTo(0, 9), color: 0, padding: 1 });
    for (const key of ["p5", "p99", "brightness", "red", "green", "blue", "border"] as const) {
      expect(gray[key]).toBeCloseTo(0.2, 4);
    }
    expect(gray.sharpness).toBeCloseTo(-2, 6);
  });

  it("are those of two halves", () => {
    const halves = pixelStatistics(imageOf(8, 8, (_, x) => (x < 4 ? [0, 0, 0] : [255, 255, 255])));
    expect(halves).toMatchObject({ p5: 0, p99: 1, entropy: expect.closeTo(1, 9), padding: 1 });
    expect([halves.brightness, halves.contrast, halves.border]).toEqual(
      [0.5, 0.5, 0.5].map((v) => expect.closeTo(v, 5)),
    );
    // The inner pixels next to the edge have -255 or 255, the others 0: 2 of 6 columns.
    expect(halves.sharpness).toBeCloseTo(Math.log10(255 ** 2 / 3 + 0.01), 4);
  });

  it("are the sharpness of all of it, and of the sharpest of 4 x 4 tiles", () => {
    const white = (y: number, x: number) => (y === 10 && x === 10 ? 255 : 0);
    const point = imageOf(18, 18, (y, x) => [white(y, x), white(y, x), white(y, x)]);
    const { sharpness, sharpestTile } = pixelStatistics(point);
    // Of 16 x 16 inner pixels one has 4 x 255 and four -255, all in the tile of rows and columns 9 to 12.
    expect(sharpness).toBeCloseTo(Math.log10((20 * 255 ** 2) / 256 + 0.01), 4);
    expect(sharpestTile).toBeCloseTo(Math.log10((20 * 255 ** 2) / 16 + 0.01), 4);
  });

  it("are those of a color: by channel, and how far channels are apart", () => {
    const orange = pixelStatistics(imageOf(3, 3, () => [255, 102, 0]));
    expect([orange.red, orange.green, orange.blue, orange.color]).toEqual(
      [1, 0.4, 0, 1].map((v) => expect.closeTo(v, 5)),
    );
    expect(orange.brightness).toBeCloseTo(Math.sqrt(0.241 * 255 ** 2 + 0.691 * 102 ** 2) / 255, 5);
  });

  it("see a frame, as JPEG leaves it, and of one side too", () => {
    const noisy = (y: number, x: number) => [(37 * y + 91 * x) % 256, (53 * y) % 256, (11 * x) % 256] as const;
    const framed = imageOf(10, 10, (y, x) => (y < 2 || y > 7 ? [3, 2, x % 4] : noisy(y, x)));
    expect(pixelStatistics(framed).padding).toBeCloseTo(0.4, 6);
    expect(pixelStatistics(imageOf(10, 10, noisy)).padding).toBeCloseTo(0, 6);
    expect(pixelStatistics(imageOf(10, 10, (y, x) => (x < 3 ? [9, 9, 9] : noisy(y, x)))).padding).toBeCloseTo(0.3, 6);
  });
});
