// What an image's pixels say of its quality.

/** (height, width, 3) uint8. */
export interface Pixels {
  readonly values: Uint8Array;
  readonly height: number;
  readonly width: number;
}

export interface PixelStatistics {
  /** Percentiles and mean of the brightness sqrt(0.241 R^2 + 0.691 G^2 + 0.068 B^2), from 0 to 1 (Darel Rex Finley's HSP). */
  readonly p1: number;
  readonly p5: number;
  readonly p99: number;
  readonly brightness: number;
  /** The standard deviation of the brightness. */
  readonly contrast: number;
  /** The entropy of the brightness in 256 bins, in bits. */
  readonly entropy: number;
  /** log10 of the variance of the Laplacian of the brightness (x 255), plus 0.01. */
  readonly sharpness: number;
  /** The same of the sharpest of 4 x 4 tiles: low where nothing is sharp. */
  readonly sharpestTile: number;
  /** Mean distance between the channels, from 0 to 1; 0 where all pixels are gray. */
  readonly color: number;
  /** Mean channels, from 0 to 1. */
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  /** Mean brightness of the outermost pixels, from 0 to 1. */
  readonly border: number;
  /** Their mean channels, from 0 to 1. */
  readonly borderRed: number;
  readonly borderGreen: number;
  readonly borderBlue: number;
  /** The fraction of the area that is a frame of one color. */
  readonly padding: number;
}

/** Channel values that count as the same color: what JPEG makes of a flat area. */
const tolerance = 4;

export function pixelStatistics(pixels: Pixels): PixelStatistics {
  const bright = brightnessOf(pixels);
  const histogram = histogramOf(bright);
  const mean = meanOf(bright);
  const variances = laplacianVariances(bright, pixels);
  return {
    p1: percentile(histogram, 0.01),
    p5: percentile(histogram, 0.05),
    p99: percentile(histogram, 0.99),
    brightness: mean,
    contrast: Math.sqrt(bright.reduce((sum, value) => sum + (value - mean) ** 2, 0) / bright.length),
    entropy: entropyOf(histogram),
    sharpness: Math.log10(variances.all + 0.01),
    sharpestTile: Math.log10(variances.sharpestTile + 0.01),
    ...colors(pixels),
    ...borderOf(bright, pixels),
    padding: paddingOf(pixels),
  };
}

const meanOf = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

function brightnessOf({ values }: Pixels): Float32Array {
  return Float32Array.from({ length: values.length / 3 }, (_, i) => {
    const [r, g, b] = [values[3 * i]!, values[3 * i + 1]!, values[3 * i + 2]!];
    return Math.sqrt(0.241 * r * r + 0.691 * g * g + 0.068 * b * b) / 255;
  });
}

/** Fractions of the pixels in 256 bins. */
function histogramOf(bright: Float32Array): Float64Array {
  const bins = new Float64Array(256);
  for (const value of bright) bins[Math.min(255, Math.round(value * 255))]! += 1 / bright.length;
  return bins;
}

function percentile(histogram: Float64Array, p: number): number {
  let sum = 0;
  for (let bin = 0; bin < 256; bin++) {
    sum += histogram[bin]!;
    if (sum >= p - 1e-9) return bin / 255;
  }
  return 1;
}

const entropyOf = (histogram: Float64Array) => histogram.reduce((sum, p) => (p > 0 ? sum - p * Math.log2(p) : sum), 0);

/** Tiles a side. */
const tiles = 4;

/** Variances of 4 b - (left + right + up + down) over the inner pixels: of all, and of the tile where it is largest. */
function laplacianVariances(bright: Float32Array, { height, width }: Pixels) {
  const ofTile = Array.from({ length: tiles * tiles }, () => ({ count: 0, sum: 0, squares: 0 }));
  for (let y = 1; y < height - 1; y++) {
    const row = tiles * Math.floor((tiles * (y - 1)) / (height - 2));
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const around = bright[i - 1]! + bright[i + 1]! + bright[i - width]! + bright[i + width]!;
      const value = 255 * (4 * bright[i]! - around);
      const sums = ofTile[row + Math.floor((tiles * (x - 1)) / (width - 2))]!;
      sums.count += 1;
      sums.sum += value;
      sums.squares += value * value;
    }
  }
  return { all: variance(ofTile.reduce(added)), sharpestTile: Math.max(...ofTile.map(variance)) };
}

interface Sums {
  count: number;
  sum: number;
  squares: number;
}

const added = (a: Sums, b: Sums): Sums => ({
  count: a.count + b.count,
  sum: a.sum + b.sum,
  squares: a.squares + b.squares,
});

const variance = ({ count, sum, squares }: Sums) => (count === 0 ? 0 : squares / count - (sum / count) ** 2);

function colors({ values }: Pixels): Pick<PixelStatistics, "color" | "red" | "green" | "blue"> {
  const sums = [0, 0, 0, 0];
  for (let i = 0; i < values.length; i += 3) {
    const [r, g, b] = [values[i]!, values[i + 1]!, values[i + 2]!];
    sums[0]! += r;
    sums[1]! += g;
    sums[2]! += b;
    sums[3]! += Math.max(r, g, b) - Math.min(r, g, b);
  }
  const [red, green, blue, color] = sums.map((sum) => sum / (values.length / 3) / 255) as [
    number,
    number,
    number,
    number,
  ];
  return { red, green, blue, color };
}

type Border = Pick<PixelStatistics, "border" | "borderRed" | "borderGreen" | "borderBlue">;

function borderOf(bright: Float32Array, { values, height, width }: Pixels): Border {
  const sums = [0, 0, 0, 0];
  let count = 0;
  for (let y = 0; y < height; y++) {
    const step = y === 0 || y === height - 1 ? 1 : Math.max(1, width - 1);
    for (let x = 0; x < width; x += step, count++) {
      const i = y * width + x;
      sums[0]! += bright[i]!;
      for (let channel = 0; channel < 3; channel++) sums[1 + channel]! += values[3 * i + channel]! / 255;
    }
  }
  const [border, borderRed, borderGreen, borderBlue] = sums.map((sum) => sum / count) as [
    number,
    number,
    number,
    number,
  ];
  return { border, borderRed, borderGreen, borderBlue };
}

/** Rows and columns from each side that are of the color of their corner throughout. */
function paddingOf(pixels: Pixels): number {
  const { height, width } = pixels;
  const row = (y: number) => isFlat(pixels, y * width, 1, width);
  const column = (x: number) => isFlat(pixels, x, width, height);
  const [top, bottom] = [countWhile(height, row), countWhile(height, (y) => row(height - 1 - y))];
  const [left, right] = [countWhile(width, column), countWhile(width, (x) => column(width - 1 - x))];
  return 1 - (Math.max(0, height - top - bottom) * Math.max(0, width - left - right)) / (height * width);
}

function isFlat({ values }: Pixels, start: number, step: number, count: number): boolean {
  for (let k = 1; k < count; k++) {
    for (let channel = 0; channel < 3; channel++) {
      const difference = values[3 * (start + k * step) + channel]! - values[3 * start + channel]!;
      if (Math.abs(difference) > tolerance) return false;
    }
  }
  return true;
}

function countWhile(most: number, holds: (i: number) => boolean): number {
  let count = 0;
  while (count < most && holds(count)) count++;
  return count;
}
