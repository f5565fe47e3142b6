// Views image by image and pixel by pixel, in float64: what the batched and the fused ones are compared with.
import { randomFrom } from "../../src/data/index.js";
import { columnCount, columns, steps, type ViewDraws } from "../../src/data/views/draw.js";

/** One image from 0 to 1: `values[channel][row][column]`. */
export type PlainImage = number[][][];

/** What is done to one image; an absent step is not. */
export interface PlainView {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
  readonly flipped?: boolean;
  readonly colors?: readonly (readonly [PlainColor, number])[];
  readonly gray?: boolean;
  readonly sigma?: number;
  readonly solarized?: boolean;
}

export type PlainColor = "brightness" | "contrast" | "saturation" | "hue";
type Pixel = [number, number, number];

/** Views as rows of draws. */
export function drawsOf(views: readonly PlainView[]): ViewDraws {
  const draws = new Float32Array(views.length * columnCount);
  views.forEach((view, i) => {
    const row = draws.subarray(i * columnCount, (i + 1) * columnCount);
    row.set([view.top, view.left, view.height, view.width, Number(view.flipped ?? false)], columns.top);
    view.colors?.forEach(([color, amount], place) => {
      row[columns.step + place] = steps[color];
      row[columns.amount + place] = amount;
    });
    row.set([Number(view.gray ?? false), view.sigma ?? 0, Number(view.solarized ?? false)], columns.gray);
  });
  return draws;
}

/** A row of draws as a view. */
export function viewOf(row: ViewDraws): PlainView {
  const [top, left, height, width] = row as unknown as [number, number, number, number];
  const names = [null, "brightness", "contrast", "saturation", "hue"] as const;
  const colors = [0, 1, 2, 3].flatMap((place) => {
    const color = names[row[columns.step + place] as number];
    return color ? ([[color, row[columns.amount + place] as number]] as const) : [];
  });
  const flag = (column: number) => row[column] === 1;
  const sigma = row[columns.sigma] as number;
  const flags = { flipped: flag(columns.flipped), gray: flag(columns.gray), solarized: flag(columns.solarized) };
  return { top, left, height, width, colors, sigma, ...flags };
}

/** Pixels of uint8 at random, smooth in no way. */
export function randomPixels(count: number, key = "pixels"): Uint8Array {
  const random = randomFrom(5, key);
  return Uint8Array.from({ length: count }, () => random.integer(256));
}

/** One image of uint8 (n, 3, height, width). */
export function plainImage(pixels: Uint8Array, sample: number, height: number, width: number): PlainImage {
  const at = (c: number, y: number, x: number) => (pixels[((3 * sample + c) * height + y) * width + x] as number) / 255;
  return grid(height, width, at);
}

function grid(height: number, width: number, at: (c: number, y: number, x: number) => number): PlainImage {
  const counted = (length: number) => Array.from({ length }, (_, i) => i);
  return counted(3).map((c) => counted(height).map((y) => counted(width).map((x) => at(c, y, x))));
}

function eachPixel(image: PlainImage, change: (pixel: Pixel) => Pixel): PlainImage {
  const [red, green, blue] = image as [number[][], number[][], number[][]];
  const changed = red.map((row, y) =>
    row.map((value, x) => change([value, green[y]?.[x] as number, blue[y]?.[x] as number])),
  );
  return grid(red.length, (red[0] as number[]).length, (c, y, x) => changed[y]?.[x]?.[c] as number);
}

/** The weights of the source pixels for a target pixel, by a triangle around its center. */
function triangle(length: number, size: number, i: number): number[] {
  const scale = length / size;
  const weights = Array.from({ length }, (_, j) =>
    Math.max(0, 1 - Math.abs(j + 0.5 - (i + 0.5) * scale) / Math.max(1, scale)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** A crop of an image, resized. */
export function plainResize(image: PlainImage, view: PlainView, size: number): PlainImage {
  return grid(size, size, (c, y, x) => {
    const across = triangle(view.width, size, view.flipped ? size - 1 - x : x);
    let sum = 0;
    triangle(view.height, size, y).forEach((weight, j) => {
      across.forEach((other, k) => {
        sum += weight * other * (image[c]?.[view.top + j]?.[view.left + k] as number);
      });
    });
    return sum;
  });
}

const unit = (value: number) => Math.min(1, Math.max(0, value));
const grayOf = ([red, green, blue]: Pixel) => 0.2989 * red + 0.587 * green + 0.114 * blue;
const blended = (pixel: Pixel, amount: number, other: number) =>
  pixel.map((value) => unit(amount * value + (1 - amount) * other)) as Pixel;

/** Hue, saturation and value by the book, the hue turned, and back. */
function turned([red, green, blue]: Pixel, turns: number): Pixel {
  const value = Math.max(red, green, blue);
  const chroma = value - Math.min(red, green, blue);
  if (chroma === 0) return [value, value, value];
  const sixths =
    value === red ? (green - blue) / chroma : value === green ? 2 + (blue - red) / chroma : 4 + (red - green) / chroma;
  const hue = (((sixths / 6 + turns) % 1) + 1) % 1;
  const sector = Math.floor(6 * hue);
  const within = 6 * hue - sector;
  const saturation = chroma / value;
  const p = value * (1 - saturation);
  const q = value * (1 - saturation * within);
  const t = value * (1 - saturation * (1 - within));
  const all: Pixel[] = [
    [value, t, p],
    [q, value, p],
    [p, value, t],
    [p, q, value],
    [t, p, value],
    [value, p, q],
  ];
  return all[sector % 6] as Pixel;
}

export function plainColor(image: PlainImage, color: PlainColor, amount: number): PlainImage {
  if (color === "hue") return eachPixel(image, (pixel) => turned(pixel, amount));
  if (color === "saturation") return eachPixel(image, (pixel) => blended(pixel, amount, grayOf(pixel)));
  if (color === "brightness") return eachPixel(image, (pixel) => blended(pixel, amount, 0));
  let sum = 0;
  eachPixel(image, (pixel) => {
    sum += grayOf(pixel);
    return pixel;
  });
  const mean = sum / (image[0]?.flat().length as number);
  return eachPixel(image, (pixel) => blended(pixel, amount, mean));
}

export function plainBlur(image: PlainImage, sigma: number, radius: number): PlainImage {
  const size = (image[0] as number[][]).length;
  const inside = (place: number) => {
    const positive = Math.abs(place);
    return positive < size ? positive : 2 * (size - 1) - positive;
  };
  const offsets = Array.from({ length: 2 * radius + 1 }, (_, i) => i - radius);
  const weight = (offset: number) => Math.exp((-offset * offset) / (2 * sigma * sigma));
  const sum = offsets.reduce((total, offset) => total + weight(offset), 0);
  return grid(size, size, (c, y, x) => {
    let value = 0;
    for (const down of offsets) {
      for (const right of offsets) {
        const pixel = image[c]?.[inside(y + down)]?.[inside(x + right)] as number;
        value += ((weight(down) * weight(right)) / (sum * sum)) * pixel;
      }
    }
    return value;
  });
}

/** One view of one image, from 0 to 1. */
export function plainView(image: PlainImage, view: PlainView, size: number, radius: number): PlainImage {
  let result = plainResize(image, view, size);
  for (const [color, amount] of view.colors ?? []) result = plainColor(result, color, amount);
  if (view.gray) {
    result = eachPixel(result, (pixel) => {
      const gray = grayOf(pixel);
      return [gray, gray, gray];
    });
  }
  if (view.sigma) result = plainBlur(result, view.sigma, radius);
  if (!view.solarized) return result;
  return eachPixel(result, (pixel) => pixel.map((value) => (value >= 0.5 ? 1 - value : value)) as Pixel);
}
