// Images with coarse shapes and fine details, and copies of them, for what compares pixels.
import { type HeldSamples, randomFrom } from "../../src/data/index.js";

/** One image's pixels, (3, side, side). */
export type Pixels = Uint8Array<ArrayBuffer>;

/** Twenty random waves, the longer the stronger; another image for each number. */
export function waves(number: number, side = 32): Pixels {
  const random = randomFrom(number, "waves");
  const drawn = Array.from({ length: 20 }, (_, k) => ({
    across: (random.normal() * (1 + k)) / 3,
    down: (random.normal() * (1 + k)) / 3,
    phase: 7 * random.uniform(),
    height: 90 / (2 + k),
  }));
  return mapped(side, (_, y, x) =>
    drawn.reduce(
      (sum, { across, down, phase, height }) =>
        sum + height * Math.sin(phase + (6.28 * (across * x + down * y)) / side),
      120,
    ),
  );
}

/** (3, side, side) of a function of channel, row and column, as bytes. */
export function mapped(side: number, pixel: (channel: number, y: number, x: number) => number): Pixels {
  return Uint8Array.from({ length: 3 * side * side }, (_, at) => {
    const value = pixel(Math.floor(at / side / side), Math.floor(at / side) % side, at % side);
    return Math.max(0, Math.min(255, Math.round(value)));
  });
}

/** Mirrored left to right. */
export const mirrored = (image: Pixels, side = 32): Pixels =>
  mapped(side, (channel, y, x) => image[(channel * side + y) * side + side - 1 - x]!);

/** Moved to the left and up, black where nothing is left. */
export const shifted = (image: Pixels, dx: number, dy: number, side = 32): Pixels =>
  mapped(side, (channel, y, x) => {
    const inside = y + dy >= 0 && y + dy < side && x + dx >= 0 && x + dx < side;
    return inside ? image[(channel * side + y + dy) * side + x + dx]! : 0;
  });

export const brightened = (image: Pixels, contrast: number, brightness: number): Pixels =>
  image.map((value) => Math.max(0, Math.min(255, contrast * value + brightness)));

/** Images as samples. */
export function imageSamples(images: readonly Pixels[], labels: readonly number[] = images.map(() => 0)): HeldSamples {
  const side = Math.sqrt(images[0]!.length / 3);
  const values = new Uint8Array(images.length * images[0]!.length);
  for (const [i, image] of images.entries()) values.set(image, i * image.length);
  return { values, shape: [3, side, side], labels: Int32Array.from(labels) };
}
