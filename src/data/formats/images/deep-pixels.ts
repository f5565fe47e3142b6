// Pictures of more than 8 bits a value: floats, integers of 16 and 32 bits, scaled to bytes by the range that they use.
import { extname } from "node:path";
import type { Sharp, SharpOptions } from "sharp";
import { sharp } from "./sharp.js";

/** Files that hold bytes for certain: their headers need not be looked at. */
const byteEndings = [".jpg", ".jpeg", ".jfif", ".webp", ".gif"];
/** The largest values of integers of 8, 10, 12, 14 and 16 bits. */
const integerRanges = [8, 10, 12, 14, 16].map((bits) => 2 ** bits - 1);
/** 16-bit pictures with larger values than these of 12 bits use their full range. */
const largestOf12Bits = 4095;

/** The values that become black and white. */
export type ValueRange = readonly [low: number, high: number];

/**
 * The range that pictures of a pixel type count in, by the values in one: floats from 0 to 1, -1 to 1 or 0 to 255, integers of
 * 8, 10, 12, 14 or 16 bits; anything else from 0, or their least value where it is negative, to their largest.
 */
export function valueRange(isFloat: boolean, least: number, largest: number): ValueRange {
  if (isFloat && least >= -1 && largest <= 1) return [least < 0 ? -1 : 0, 1];
  if (least < 0) return [least, largest];
  const known = isFloat ? [255] : integerRanges;
  return [0, known.find((high) => largest <= high) ?? largest];
}

/** Opens a picture for decoding; one of deeper pixels is scaled to bytes first. Throws sharp's error for what is no image. */
export async function openAsBytes(source: string | Uint8Array, options: SharpOptions): Promise<Sharp> {
  const picture = () => sharp(source, options);
  if (holdsBytesForCertain(source)) return picture().autoOrient();
  const { depth = "uchar", space } = await picture().metadata();
  if (depth === "uchar" || depth === "char") return picture().autoOrient();
  const deep = picture()
    .autoOrient()
    .toColourspace(space ?? "b-w")
    .raw({ depth: "float" });
  const { data, info } = await deep.toBuffer({ resolveWithObject: true });
  const values = new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4);
  const [least, largest] = extremes(values, info.channels);
  if (depth === "ushort" && largest > largestOf12Bits) return picture().autoOrient();
  const range = valueRange(["float", "double"].includes(depth), least, largest);
  const { width, height, channels } = info;
  return sharp(toBytes(values, channels, range), { raw: { width, height, channels } });
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

/** Values from `low` to `high` as bytes from 0 to 255; transparency, whose range sharp knows, becomes opaque. */
function toBytes(values: Float32Array, channels: number, [low, high]: ValueRange): Uint8Array {
  const scale = 255 / (high - low || 1);
  return Uint8Array.from(values, (value, i) => {
    if (hasAlpha(channels) && i % channels === channels - 1) return 255;
    return Math.min(Math.max(Math.round((value - low) * scale), 0), 255);
  });
}
