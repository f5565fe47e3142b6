// An image file, or the bytes of one, opened by sharp, or as a bitmap, which sharp does not read.
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import type { Sharp, SharpOptions } from "sharp";
import { imageSource } from "../../containers/containers.js";
import { decodeBmp, isBmp } from "./bmp.js";
import { sharp } from "./sharp.js";

/** Endings under which bitmaps are found; no ending is one of them. */
const bitmapEndings = [".bmp", ""];

/**
 * Opens an image, of which nothing but a bitmap is decoded yet; a path may lead into a parquet file or a tar shard. Throws as
 * `decodeBmp` does, and where a file cannot be read.
 */
export async function openImage(given: string | Uint8Array, options: SharpOptions = {}): Promise<Sharp> {
  const source = typeof given === "string" ? await imageSource(given) : given;
  const bytes = typeof source !== "string" ? source : mayBeBitmap(source) ? await readFile(source) : null;
  if (bytes === null || !isBmp(bytes)) return sharp(source, options);
  const limit = typeof options.limitInputPixels === "number" ? options.limitInputPixels : undefined;
  const { data, width, height, channels } = decodeBmp(bytes, limit);
  return sharp(data, { raw: { width, height, channels } });
}

const mayBeBitmap = (path: string) => bitmapEndings.includes(extname(path).toLowerCase());

/** Whether bytes begin as those of HEIC, which needs a codec that sharp does not bring along. */
export function isHeic(bytes: Uint8Array): boolean {
  return /^.{4}ftyp(heic|heix|hevc|hevx|heim|heis|mif1|msf1)/s.test(
    Buffer.from(bytes.subarray(0, 12)).toString("latin1"),
  );
}
