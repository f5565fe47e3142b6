// Pictures of more than 8 bits a value: floats, integers of 16 and 32 bits, scaled to bytes by the range that they count in.
import { extname } from "node:path";
import type { Sharp, SharpOptions } from "sharp";
import { imageSource } from "../../containers/containers.js";
import { openImage } from "./open-image.js";
import { sharp } from "./sharp.js";

/** Files that hold bytes for certain: their headers need not be looked at. */
const byteEndings = [".jpg", ".jpeg", ".jfif", ".webp", ".gif"];
/** The largest values of integers of 8, 10, 12, 14 and 16 bits. */
const integerRanges = [8, 10, 12, 14, 16].map((bits) => 2 ** bits - 1);
/**
 * Pictures of 16 bits hold values of 8, 12 or 16. No others count: a dark picture among those of one camera should be scaled as its
 * neighbors are.
 */
const rangesOf16Bits = [255, 4095, 65_535];

/** The values that become black and white. */
export type ValueRange = readonly [low: number, high: number];

/**
 * The range that pictures of a pixel type ("float", "ushort", ...) count in, by the values in one: floats from 0 to 1, -1 to 1 or 0 to 255,
 * 16-bit integers of 8, 12 or 16 bits, others of 8, 10, 12, 14 or 16 bits; anything else from 0, or their least value where it is
 * negative, to their largest.
 */
export function valueRange(depth: string, least: number, largest: number): ValueRange {
  const isFloat = depth === "float" || depth === "double";
  if (isFloat && least >= -1 && largest <= 1) return [least < 0 ? -1 : 0, 1];
  if (least < 0) return [least, largest];
  const known = isFloat ? [255] : depth === "ushort" ? rangesOf16Bits : integerRanges;
  return [0, known.find((high) => largest <= high) ?? largest];
}

/** The range of each pixel type ("float", "ushort", ...): one for all images of a data set, and part of what its networks take. */
export type DepthRanges = Readonly<Record<string, ValueRange>>;

/**
 * Opens a picture for decoding; one of deeper pixels is scaled to bytes first, by the range of its pixel type, else by the one that it
 * uses itself. Throws as `openImage` and sharp do for what is no image.
 */
export async function openAsBytes(
  given: string | Uint8Array,
  options: SharpOptions,
  ranges: DepthRanges = {},
): Promise<Sharp> {
  const source = typeof given === "string" ? await imageSource(given) : given;
  if (holdsBytesForCertain(source)) return sharp(source, options).autoOrient();
  const picture = await openImage(source, options);
  const { depth = "uchar", space } = await picture.metadata();
  if (isByte(depth)) return picture.autoOrient();
  if (depth === "ushort" && ranges[depth]?.[1] === 65_535) return picture.autoOrient();
  const { values, width, height, channels } = await deepValues(picture, space);
  const range = ranges[depth] ?? valueRange(depth, ...extremes(values, channels));
  return sharp(toBytes(values, channels, range, opaqueIn(space)), { raw: { width, height, channels } });
}

/** Whether a picture of this pixel type holds bytes. */
export const isByte = (depth: string) => depth === "uchar" || depth === "char";

async function deepValues(picture: Sharp, space: string | undefined) {
  const deep = picture
    .clone()
    .autoOrient()
    .toColourspace(space ?? "b-w")
    .raw({ depth: "float" });
  const { data, info } = await deep.toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return { values: new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4), width, height, channels };
}

/** The pixel type of a picture of more than 8 bits a value, and its least and largest value. */
export interface DeepPicture {
  readonly depth: string;
  readonly extremes: ValueRange;
}

/** Of a picture of more than 8 bits a value. Throws as `openImage` and sharp do for what is no image. */
export async function deepPicture(path: string): Promise<DeepPicture> {
  const picture = await openImage(path);
  const { depth = "uchar", space } = await picture.metadata();
  const { values, channels } = await deepValues(picture, space);
  return { depth, extremes: extremes(values, channels) };
}

const holdsBytesForCertain = (source: string | Uint8Array) =>
  typeof source === "string"
    ? byteEndings.includes(extname(source).toLowerCase())
    : source[0] === 0xff && source[1] === 0xd8;

const hasAlpha = (channels: number) => channels === 2 || channels === 4;

/** Over all values but those of transparency. */
function extremes(values: Float32Array, channels: number): ValueRange {
  let [least, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  values.forEach((value, i) => {
    if (hasAlpha(channels) && i % channels === channels - 1) return;
    if (value < least) least = value;
    if (value > largest) largest = value;
  });
  return [least, largest];
}

/** The value of an opaque pixel, by the color space: as libvips has it. */
const opaqueIn = (space: string | undefined) =>
  space === "rgb16" || space === "grey16" ? 65_535 : space === "scrgb" ? 1 : 255;

const toByte = (value: number) => Math.min(Math.max(Math.round(value), 0), 255);

/** Values from `low` to `high` as bytes from 0 to 255, and transparency from 0 to `opaque`. */
function toBytes(values: Float32Array, channels: number, [low, high]: ValueRange, opaque: number): Uint8Array {
  const scale = 255 / (high - low || 1);
  return Uint8Array.from(values, (value, i) => {
    if (hasAlpha(channels) && i % channels === channels - 1) return toByte((255 * value) / opaque);
    return toByte((value - low) * scale);
  });
}
