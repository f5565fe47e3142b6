// One image as a network takes it: decoded, upright, without transparency, of one size, channels first.
import { open, stat } from "node:fs/promises";
import { MissingPackageError } from "../../../optional-package.js";
import { imageSource, leadsIntoFile } from "../../containers/containers.js";
import { whyUnreadable } from "../../files.js";
import { type DepthRanges, openAsBytes } from "./deep-pixels.js";
import type { ImageSize } from "./image-size.js";
import { isHeic } from "./open-image.js";

/** An image as an array: 3 channels of sRGB, or one of gray. */
export interface ImageShape extends ImageSize {
  readonly channels: number;
  /** Of the data set, for images of more than 8 bits a value; by default each is scaled by the range that it uses. */
  readonly depthRanges?: DepthRanges | undefined;
}

export interface DecodeOptions {
  /** Images of more pixels are refused before they are decoded; by default those over sharp's limit (268 million). */
  readonly limitInputPixels?: number;
}

/**
 * Decodes a file, or the bytes of one, to uint8 (channels, height, width): EXIF orientation applied, transparency laid on
 * white, short side resized, center cropped, pixels of more than 8 bits scaled by the range of their type (see `openAsBytes`).
 *
 * Throws sharp's error for what is no image, is damaged or too large; `whyNotDecoded` makes a reason of it.
 */
export async function decodeImage(
  source: string | Uint8Array,
  shape: ImageShape,
  options: DecodeOptions = {},
): Promise<Uint8Array> {
  const pixels = await decodePixels(source, shape, options);
  return shape.channels === 1 ? pixels : separateChannels(pixels);
}

/** As `decodeImage`, but (height, width, channels). Of JPEGs no more is decoded than the size needs. */
export async function decodePixels(
  source: string | Uint8Array,
  { channels, height, width, depthRanges }: ImageShape,
  options: DecodeOptions = {},
): Promise<Uint8Array> {
  const picture = await openAsBytes(source, { failOn: "error", ...options }, depthRanges);
  return picture
    .flatten({ background: "white" })
    .resize(width, height, { fit: "cover", position: "centre" })
    .toColourspace(channels === 1 ? "b-w" : "srgb")
    .raw({ depth: "uchar" })
    .toBuffer();
}

/** (height, width, 3) to (3, height, width). */
function separateChannels(pixels: Uint8Array): Uint8Array {
  const out = new Uint8Array(pixels.length);
  const plane = out.length / 3;
  for (let i = 0, from = 0; i < plane; i++, from += 3) {
    out[i] = pixels[from]!;
    out[plane + i] = pixels[from + 1]!;
    out[2 * plane + i] = pixels[from + 2]!;
  }
  return out;
}

/** In a few words, why a file or its bytes could not be read or decoded. @throws MissingPackageError without sharp's native part. */
export async function whyNotDecoded(source: string | Uint8Array, error: Error): Promise<string> {
  if (error instanceof MissingPackageError) throw error;
  if (typeof source === "string" && leadsIntoFile(source)) {
    const bytes = await imageSource(source).catch(() => null);
    return bytes === null ? firstLine(error) : whyNotDecoded(bytes, error);
  }
  const unreadable = typeof source === "string" ? await whyUnreadable(source) : null;
  if (unreadable !== null) return unreadable;
  const size = typeof source === "string" ? await sizeOf(source) : source.length;
  if (size === 0) return "the file is empty";
  if (isHeic(await firstBytes(source))) return heicAdvice;
  const lines = error.message.split("\n");
  return lines.find((line) => line.includes("has not been built in")) ?? firstLine(error);
}

const firstLine = ({ message }: Error) => message.split("\n")[0]!;

const heicAdvice =
  "HEIC is not supported; expected JPEG or PNG, to which heif-convert (Linux), sips (macOS) or the phone itself converts it";

async function firstBytes(source: string | Uint8Array): Promise<Uint8Array> {
  if (typeof source !== "string") return source;
  const file = await open(source).catch(() => null);
  const found = await file?.read(Buffer.alloc(16), 0, 16, 0).catch(() => null);
  await file?.close();
  return found?.buffer ?? new Uint8Array();
}

function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.size,
    () => -1,
  );
}
