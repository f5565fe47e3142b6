// Pictures of more than 8 bits a value: floats, integers of 16 and 32 bits, scaled to bytes by the range that they use.
import { extname } from "node:path";
import type { Sharp, SharpOptions } from "sharp";
import { imageSource } from "../../containers/containers.js";
import { listed } from "../../tables/label-file.js";
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

/** Is handed the range that becomes black to white, for a picture whose pixels are deeper than bytes. */
export type OnRange = (range: ValueRange) => void;

/** Opens a picture for decoding; one of deeper pixels is scaled to bytes first. Throws as `openImage` and sharp do for what is no image. */
export async function openAsBytes(
  given: string | Uint8Array,
  options: SharpOptions,
  onRange: OnRange = () => {},
): Promise<Sharp> {
  const source = typeof given === "string" ? await imageSource(given) : given;
  if (holdsBytesForCertain(source)) return sharp(source, options).autoOrient();
  const picture = await openImage(source, options);
  const { depth = "uchar", space } = await picture.metadata();
  if (depth === "uchar" || depth === "char") return picture.autoOrient();
  const deep = picture
    .clone()
    .autoOrient()
    .toColourspace(space ?? "b-w")
    .raw({ depth: "float" });
  const { data, info } = await deep.toBuffer({ resolveWithObject: true });
  const values = new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4);
  const [least, largest] = extremes(values, info.channels);
  const range = valueRange(depth, least, largest);
  onRange(range);
  if (depth === "ushort" && range[1] === 65_535) return picture.autoOrient();
  const { width, height, channels } = info;
  return sharp(toBytes(values, channels, range), { raw: { width, height, channels } });
}

const holdsBytesForCertain = (source: string | Uint8Array) =>
  typeof source === "string"
    ? byteEndings.includes(extname(source).toLowerCase())
    : source[0] === 0xff && source[1] === 0xd8;

/** One line on the ranges that became black to white, and how many pictures had each; none where there are none. */
export function rangeNotes(ranges: readonly ValueRange[]): string[] {
  if (ranges.length === 0) return [];
  const counts = new Map<string, number>();
  const inOrder = [...ranges].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  for (const [low, high] of inOrder) {
    const range = `${Number(low.toPrecision(6))} to ${Number(high.toPrecision(6))}`;
    counts.set(range, (counts.get(range) ?? 0) + 1);
  }
  const shown = [...counts].map(([range, count]) => `${range} (${count})`);
  const differ =
    counts.size > 1 ? "; each image is scaled by its own range, so their brightness cannot be compared" : "";
  return [`images of more than 8 bits a value: black to white is ${listed(shown, 4)}${differ}`];
}

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
