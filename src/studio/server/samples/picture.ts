// The picture of a sample: in the requested size, or with its original pixels.
import { closeSync, openSync, readSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Sharp } from "sharp";
import { openAsBytes } from "../../../data/formats/images/deep-pixels.js";
import { sharp } from "../../../data/formats/images/sharp.js";
import { imageSizeOf } from "../../../data/index.js";
import { RequestError } from "../../../serving/index.js";
import { evidenceFolder, type Pictures, pixelsName } from "../evidence/evidence-files.js";
import type { Evidence, LoadedPart } from "../evidence/loaded.js";

/** Larger originals are shrunk to this side. */
const largestSide = 4096;

export interface Picture {
  readonly type: "image/webp" | "image/png";
  readonly bytes: Buffer;
}

const setOf = ({ part }: LoadedPart) => (part === "test" ? "test" : "train");

/**
 * WebP of at most `size` pixels a side, never enlarged, lossless for pixels in memory; without a size the original as PNG.
 * @throws RequestError with status 404 for samples that are no images, and 422 for one that cannot be decoded.
 */
export async function pictureOf(
  evidence: Evidence,
  part: LoadedPart,
  row: number,
  size: number | undefined,
): Promise<Picture> {
  const pictures = evidence.pictures[setOf(part)];
  try {
    const image = await openPicture(evidence, pictures, part, row);
    const side = size ?? largestSide;
    const fitted = image.resize(side, side, { fit: "inside", withoutEnlargement: true });
    if (size === undefined) return { type: "image/png", bytes: await fitted.png().toBuffer() };
    const lossless = pictures.kind === "pixels";
    return { type: "image/webp", bytes: await fitted.webp({ lossless, quality: 82, effort: 2 }).toBuffer() };
  } catch (error) {
    if (error instanceof RequestError) throw error;
    throw new RequestError(
      422,
      `sample ${part.samples[row]} cannot be decoded: ${(error as Error).message.split("\n")[0]}`,
    );
  }
}

async function openPicture({ run }: Evidence, pictures: Pictures, part: LoadedPart, row: number): Promise<Sharp> {
  if (pictures.kind === "none") throw new RequestError(404, "the samples are no images");
  if (pictures.kind === "pixels")
    return rawPicture(join(evidenceFolder(run), pixelsName(setOf(part))), part.samples[row]!, pictures.shape);
  return openAsBytes(resolve(pictures.folder, part.files![row]!), {}, pictures.depthRanges);
}

/** One image of (n, channels, height, width) bytes. */
function rawPicture(path: string, index: number, shape: readonly number[]): Sharp {
  const [channels, height, width] = shape as [1 | 3, number, number];
  const plane = height * width;
  const planes = new Uint8Array(channels * plane);
  const file = openSync(path, "r");
  try {
    readSync(file, planes, 0, planes.length, index * planes.length);
  } finally {
    closeSync(file);
  }
  const pixels = planes.map((_, i) => planes[(i % channels) * plane + Math.floor(i / channels)]!);
  return sharp(pixels, { raw: { channels, height, width } });
}

/** Of the original; zeros for samples that are no images, or cannot be read. */
export async function sizeOf(
  evidence: Evidence,
  part: LoadedPart,
  row: number,
): Promise<{ width: number; height: number }> {
  const pictures = evidence.pictures[setOf(part)];
  if (pictures.kind === "pixels") return { width: pictures.shape[2]!, height: pictures.shape[1]! };
  if (pictures.kind === "none") return { width: 0, height: 0 };
  const unknown = { width: 0, height: 0 };
  return imageSizeOf(resolve(pictures.folder, part.files![row]!)).catch(() => unknown);
}
