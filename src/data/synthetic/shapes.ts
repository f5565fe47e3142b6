// The built-in data of the demo: small color images of ten shapes, drawn from a seed, so that nothing is downloaded.
import { InputError } from "../../errors.js";
import { type Random, randomFrom } from "../random.js";
import type { DataSet, HeldSamples } from "../types.js";
import { type Distance, segment, shapeDistances } from "./shape-distances.js";

/** How many images to draw of each part, how large, and from which seed. */
export interface ShapesOptions {
  readonly train: number;
  readonly test: number;
  readonly size?: number;
  readonly seed: number;
}

type Range = readonly [from: number, to: number];
type Rotation = readonly [cos: number, sin: number];
type Color = readonly [red: number, green: number, blue: number];

/** How hard the images are to classify. Lengths are fractions of the image's side, colors and noise of full brightness. */
const difficulty = {
  radius: [0.32, 0.44],
  /** The largest offset from the image's center. */
  shift: 0.06,
  /** The largest rotation either way, in radians. */
  lean: 0.45,
  /** The width over the height that a shape is stretched to, and its inverse. */
  stretch: 1.15,
  /** The least distance in RGB between the shape and the ends of the background's gradient; from 0.75 on, none may be left. */
  contrast: 0.7,
  clutterBehind: [2, 4],
  clutterInFront: [0, 1],
  clutterRadius: [0.02, 0.05],
  clutterLength: [0.1, 0.4],
  /** The deviation of the pixels' noise, drawn for each image. */
  noise: [0.02, 0.06],
} satisfies Record<string, number | Range>;

/** The names of the classes. */
const classes = Object.keys(shapeDistances);
const distances = Object.values(shapeDistances);

/**
 * Color images (3, size, size) of ten shapes under random position, scale, stretch, rotation, color, clutter and noise;
 * color is independent of the class. Image i is of class i mod 10, and depends on the seed, its part and i alone.
 * @throws InputError for fewer than 10 training images, a negative count, or a size outside 16 to 256.
 */
export function shapesDataSet({ train, test, size = 32, seed }: ShapesOptions): DataSet<HeldSamples> {
  checkInteger("training images", train, classes.length, 1e6);
  checkInteger("test images", test, 0, 1e6);
  checkInteger("image size", size, 16, 256);
  const draw = (part: string, count: number) => drawSamples(count, size, (i) => randomFrom(seed, "shapes", part, i));
  return {
    format: "shapes",
    classes,
    train: draw("train", train),
    test: test === 0 ? null : draw("test", test),
    notes: [],
  };
}

function drawSamples(count: number, size: number, randomOf: (i: number) => Random): HeldSamples {
  const length = 3 * size * size;
  const values = new Uint8Array(count * length);
  const labels = Int32Array.from({ length: count }, (_, i) => i % classes.length);
  const canvas = new Float64Array(length);
  labels.forEach((label, i) => {
    const random = randomOf(i);
    paintScene(canvas, size, distances[label]!, random);
    addNoise(canvas, values.subarray(i * length, (i + 1) * length), random);
  });
  return { values, shape: [3, size, size], labels };
}

/** From back to front: a gradient, clutter, the shape, thin clutter. */
function paintScene(canvas: Float64Array, size: number, shape: Distance, random: Random): void {
  const background = [randomColor(random), randomColor(random)] as const;
  paintGradient(canvas, size, background, random);
  paintClutter(canvas, size, difficulty.clutterBehind, random);
  const radius = size * between(random, difficulty.radius);
  const center = () => size * (0.5 + difficulty.shift * (2 * random.uniform() - 1));
  const placed = place(shape, { x: center(), y: center(), radius, stretch: randomStretch(random) }, randomLean(random));
  paint(canvas, size, placed, contrastingColor(background, random));
  paintClutter(canvas, size, difficulty.clutterInFront, random);
}

function paintGradient(canvas: Float64Array, size: number, ends: readonly [Color, Color], random: Random): void {
  const [cos, sin] = randomRotation(random);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const along = 0.5 + 0.5 * (cos * (x / size - 0.5) + sin * (y / size - 0.5));
      for (let c = 0; c < 3; c++) canvas[(c * size + y) * size + x] = ends[0][c]! + along * (ends[1][c]! - ends[0][c]!);
    }
  }
}

/** Blobs and strokes, too small to be mistaken for a shape. */
function paintClutter(canvas: Float64Array, size: number, [from, to]: Range, random: Random): void {
  const count = from + random.integer(to - from + 1);
  for (let i = 0; i < count; i++) {
    const [cos, sin] = randomRotation(random);
    const reach = size * between(random, difficulty.clutterLength);
    const stroke = segment(cos * reach, sin * reach, size * between(random, difficulty.clutterRadius));
    const x0 = size * random.uniform();
    const y0 = size * random.uniform();
    paint(canvas, size, (x, y) => stroke(x - x0, y - y0), randomColor(random));
  }
}

/** Paints the pixels inside with a color, antialiased over one pixel at the edge. */
function paint(canvas: Float64Array, size: number, distance: Distance, color: Color): void {
  const plane = size * size;
  for (let y = 0, pixel = 0; y < size; y++) {
    for (let x = 0; x < size; x++, pixel++) {
      const cover = 0.5 - distance(x + 0.5, y + 0.5);
      if (cover <= 0) continue;
      const alpha = Math.min(cover, 1);
      for (let c = 0; c < 3; c++) canvas[c * plane + pixel]! += alpha * (color[c]! - canvas[c * plane + pixel]!);
    }
  }
}

interface Placement {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly stretch: number;
}

/** A shape of radius 1 moved, scaled, stretched and rotated; its distances in pixels. */
function place(shape: Distance, { x: x0, y: y0, radius, stretch }: Placement, [cos, sin]: Rotation): Distance {
  return (x, y) => {
    const dx = (x - x0) / radius;
    const dy = (y - y0) / radius;
    return shape((cos * dx + sin * dy) / stretch, (cos * dy - sin * dx) * stretch) * radius;
  };
}

function addNoise(canvas: Float64Array, out: Uint8Array, random: Random): void {
  const deviation = between(random, difficulty.noise);
  canvas.forEach((value, i) => {
    const noisy = value + deviation * random.normal();
    out[i] = Math.round(255 * Math.min(Math.max(noisy, 0), 1));
  });
}

function randomColor(random: Random): Color {
  return [random.uniform(), random.uniform(), random.uniform()];
}

function contrastingColor(others: readonly Color[], random: Random): Color {
  for (;;) {
    const color = randomColor(random);
    const near = (other: Color) => color.reduce((sum, value, c) => sum + (value - other[c]!) ** 2, 0);
    if (others.every((other) => near(other) >= difficulty.contrast ** 2)) return color;
  }
}

function randomStretch(random: Random): number {
  return Math.sqrt(difficulty.stretch) ** (2 * random.uniform() - 1);
}

/** The cosine and sine of a random angle of the full circle. */
function randomRotation(random: Random): Rotation {
  return rotationBy(2 * Math.PI * random.uniform());
}

/** The cosine and sine of a random angle near upright. */
function randomLean(random: Random): Rotation {
  return rotationBy(difficulty.lean * (2 * random.uniform() - 1));
}

const rotationBy = (angle: number): Rotation => [Math.cos(angle), Math.sin(angle)];

function between(random: Random, [from, to]: Range): number {
  return from + (to - from) * random.uniform();
}

function checkInteger(what: string, received: number, from: number, to: number): void {
  if (Number.isInteger(received) && received >= from && received <= to) return;
  throw new InputError(`${what}: ${received}; expected a whole number from ${from} to ${to}`);
}
