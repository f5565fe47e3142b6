// The types of data sets, into which every format is read.
import type { DepthRanges } from "./formats/images/deep-pixels.js";
import type { ColumnOptions } from "./tables/columns.js";

/** Samples of one shape, in the data set's own order. */
export type Samples = HeldSamples | StreamedSamples;

/** Samples in memory. */
export interface HeldSamples {
  readonly kind?: "held";
  /** Pixels as uint8, (n, channels, height, width), or other values as float32, (n, ...shape). */
  readonly values: Uint8Array | Float32Array;
  /** The shape of one sample: [channels, height, width] of an image, [features] of an embedding. */
  readonly shape: readonly number[];
  /** One class number per sample, as the data set gives it; -1 for a training sample without a label. */
  readonly labels: Int32Array;
  /** The file of each sample, for sets of files. */
  readonly files?: readonly string[];
  /** What became black and white, of images of more than 8 bits a value. */
  readonly depthRanges?: DepthRanges;
}

/** Images that stay in their files and are decoded when a batch needs them: uint8, (3, height, width). */
export interface StreamedSamples {
  readonly kind: "streamed";
  /** The folder that `files` are relative to. */
  readonly folder: string;
  readonly files: readonly string[];
  /** Refuse an image that cannot be decoded, instead of skipping it with a note. */
  readonly strict: boolean;
  readonly shape: readonly number[];
  readonly labels: Int32Array;
  /** What becomes black and white, of images of more than 8 bits a value. */
  readonly depthRanges?: DepthRanges;
}

/** Whether samples are stored as bytes, which count from 0 to 255. */
export function holdsBytes(samples: Samples): boolean {
  return samples.kind === "streamed" || samples.values instanceof Uint8Array;
}

/** A training set, a test set if there is one, and the classes that their labels count. */
export interface DataSet<S extends Samples = Samples> {
  readonly format: string;
  readonly classes: readonly string[];
  readonly train: S;
  readonly test: S | null;
  /** The samples of `train` in the data set's own validation part, ascending; absent without one. */
  readonly validation?: Int32Array;
  /** The file of the labels, if they are not part of the data. */
  readonly labelsFile?: string;
  /** Notes for the user: images resized, files skipped. */
  readonly notes: readonly string[];
}

/** How data is read. */
export interface ReadOptions extends ColumnOptions {
  /** The side in pixels that images are resized to (default: from the images). */
  readonly imageSize?: number;
  /** Refuse files that cannot be decoded, instead of skipping them. */
  readonly strict?: boolean;
  /** Labels for arrays without labels: `.npy` integers, or a table (see `readLabels`). */
  readonly labelsFile?: string;
  /** Accept data of a single class, for evaluation. */
  readonly singleClass?: boolean;
  /** Leave images in their files until a batch needs them; `auto` where all of them would take too much memory. */
  readonly stream?: "auto" | "always" | "never";
  /** A file with the names of classes that the data numbers, one a line. */
  readonly classes?: string;
  /** The folder of the training part, from the data folder; "." where the data folder holds the classes. */
  readonly trainDir?: string;
  /** What becomes black and white in images of more than 8 bits a value (default: by the images of each pixel type). */
  readonly depthRanges?: DepthRanges;
  /** Accept training samples without labels, and any number of classes, for self-supervised training. */
  readonly unlabeled?: boolean;
}

/** A data format on disk. */
export interface Format {
  readonly name: string;
  /** Whether the data at `path` looks like this format; does not throw. */
  detect(path: string): Promise<boolean>;
  /** Reads all of it. @throws InputError for anything missing, truncated or out of range. */
  read(path: string, options: ReadOptions): Promise<DataSet>;
}
