// Where the pictures of the samples are, and the pixels of those that are in no file.
import { resolve } from "node:path";
import { imageExists, pixelRangeOf, type Samples, UNIT_RANGE } from "../../../data/index.js";
import type { Pictures } from "./evidence-files.js";

export interface FoundPictures {
  readonly pictures: Pictures;
  /** (n, channels, height, width) for pixels. */
  readonly pixels: Uint8Array | null;
}

/** The original files where they are there, else the pixels as bytes; none for samples that are no images. */
export function picturesOf(samples: Samples | null, folder: string | undefined): FoundPictures {
  const none: FoundPictures = { pictures: { kind: "none" }, pixels: null };
  if (samples === null) return none;
  const { files, shape, depthRanges } = samples;
  const root = samples.kind === "streamed" ? samples.folder : folder;
  if (files !== undefined && root !== undefined && imageExists(resolve(root, files[0] ?? ""))) {
    return { pictures: { kind: "files", folder: resolve(root), ...(depthRanges && { depthRanges }) }, pixels: null };
  }
  if (samples.kind === "streamed" || shape.length !== 3 || (shape[0] !== 1 && shape[0] !== 3)) return none;
  return { pictures: { kind: "pixels", shape: [...shape] }, pixels: bytesOf(samples.values, samples) };
}

function bytesOf(values: Uint8Array | Float32Array, samples: Samples): Uint8Array {
  if (values instanceof Uint8Array) return values;
  const [low, high] = pixelRangeOf(samples) ?? UNIT_RANGE;
  const scale = 255 / (high - low);
  return new Uint8Array(Uint8ClampedArray.from(values, (value) => scale * (value - low)).buffer);
}
