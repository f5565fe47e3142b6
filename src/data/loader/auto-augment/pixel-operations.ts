// The operations of RandAugment on one image of bytes, (channels, height, width); they follow Pillow's definitions.
// @see https://pillow.readthedocs.io/en/stable/reference/ImageOps.html, ImageEnhance.html

/** One image: its planes one after the other. */
export interface Planes {
  readonly pixels: Uint8Array;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

type Pointwise = (value: number) => number;

const clamped = (value: number) => Math.min(Math.max(Math.round(value), 0), 255);

function mapped(image: Planes, ofChannel: (channel: number) => Pointwise): Planes {
  const size = image.height * image.width;
  const pixels = new Uint8Array(image.pixels.length);
  for (let channel = 0; channel < image.channels; channel++) {
    const table = Uint8Array.from({ length: 256 }, (_, value) => clamped(ofChannel(channel)(value)));
    for (let i = channel * size; i < (channel + 1) * size; i++) pixels[i] = table[image.pixels[i]!]!;
  }
  return { ...image, pixels };
}

/** Each pixel's gray, by the weights of ITU-R 601; the pixels themselves of an image that is not of 3 channels. */
function grayOf({ pixels, channels, height, width }: Planes): (i: number) => number {
  const size = height * width;
  if (channels !== 3) return (i) => pixels[i]!;
  return (i) => {
    const at = i % size;
    return Math.round(0.299 * pixels[at]! + 0.587 * pixels[size + at]! + 0.114 * pixels[2 * size + at]!);
  };
}

/** other + factor (image - other) */
function blended(image: Planes, factor: number, other: (i: number) => number): Planes {
  const pixels = image.pixels.map((value, i) => clamped(other(i) + factor * (value - other(i))));
  return { ...image, pixels };
}

export const brightness = (image: Planes, factor: number) => blended(image, factor, () => 0);

export const color = (image: Planes, factor: number) => blended(image, factor, grayOf(image));

export function contrast(image: Planes, factor: number): Planes {
  const gray = grayOf(image);
  const size = image.height * image.width;
  let sum = 0;
  for (let i = 0; i < size; i++) sum += gray(i);
  const mean = Math.round(sum / size);
  return blended(image, factor, () => mean);
}

/** Blends with the image smoothed by (1 1 1; 1 5 1; 1 1 1) / 13, which leaves its border. */
export function sharpness(image: Planes, factor: number): Planes {
  const { pixels, height, width } = image;
  const smooth = Float64Array.from(pixels);
  for (let start = 0; start < pixels.length; start += height * width) {
    for (let y = 1; y < height - 1; y++) {
      for (let x = 1; x < width - 1; x++) {
        const at = start + y * width + x;
        let sum = 4 * pixels[at]!;
        for (const row of [at - width, at, at + width]) sum += pixels[row - 1]! + pixels[row]! + pixels[row + 1]!;
        smooth[at] = Math.round(sum / 13);
      }
    }
  }
  return blended(image, factor, (i) => smooth[i]!);
}

/** Keeps the highest bits. */
export const posterize = (image: Planes, bits: number) =>
  mapped(image, () => (value) => value & (256 - 2 ** (8 - bits)));

/** Inverts what is at or above the threshold. */
export const solarize = (image: Planes, threshold: number) =>
  mapped(image, () => (value) => (value >= threshold ? 255 - value : value));

/** Stretches every channel to 0 to 255. */
export function autoContrast(image: Planes): Planes {
  const size = image.height * image.width;
  return mapped(image, (channel) => {
    const own = image.pixels.subarray(channel * size, (channel + 1) * size);
    const [low, high] = [own.reduce((a, b) => Math.min(a, b)), own.reduce((a, b) => Math.max(a, b))];
    return high === low ? (value) => value : (value) => ((value - low) * 255) / (high - low);
  });
}

/** Evens out the histogram of every channel. */
export function equalize(image: Planes): Planes {
  const size = image.height * image.width;
  return mapped(image, (channel) => {
    const counts = new Array<number>(256).fill(0);
    for (const value of image.pixels.subarray(channel * size, (channel + 1) * size)) counts[value]!++;
    const last = counts.findLast((count) => count > 0) ?? 0;
    const step = Math.floor((size - last) / 255);
    if (step === 0) return (value) => value;
    let sum = Math.floor(step / 2);
    const table = counts.map((count) => {
      const value = Math.floor(sum / step);
      sum += count;
      return value;
    });
    return (value) => table[value]!;
  });
}

/** The source of an output pixel, from the center: (a x + b y + dx, c x + d y + dy). */
export interface Affine {
  readonly a?: number;
  readonly b?: number;
  readonly c?: number;
  readonly d?: number;
  readonly dx?: number;
  readonly dy?: number;
}

/** Moves pixels, nearest ones, black where there are none. */
export function affine(image: Planes, { a = 1, b = 0, c = 0, d = 1, dx = 0, dy = 0 }: Affine): Planes {
  const { pixels, height, width } = image;
  const moved = new Uint8Array(pixels.length);
  const [centerX, centerY] = [(width - 1) / 2, (height - 1) / 2];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [x, y] = [column - centerX, row - centerY];
      const fromX = Math.round(a * x + b * y + dx + centerX);
      const fromY = Math.round(c * x + d * y + dy + centerY);
      if (fromX < 0 || fromX >= width || fromY < 0 || fromY >= height) continue;
      for (let start = 0; start < pixels.length; start += height * width) {
        moved[start + row * width + column] = pixels[start + fromY * width + fromX]!;
      }
    }
  }
  return { ...image, pixels: moved };
}
