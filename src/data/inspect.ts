// What a data set is read as, without training on it: nothing is decoded but the headers of images.
import { type Failure, measureImages } from "./formats/images/each-image.js";
import type { ImageSize } from "./formats/images/image-size.js";
import { type DataOptions, readDataSet } from "./formats.js";
import { type DataSummary, summarizeData } from "./summary.js";
import { type DataSet, holdsBytes, type Samples } from "./types.js";

export interface ImageSizes {
  /** How many different sizes there are. */
  readonly distinct: number;
  /** By their number of pixels. */
  readonly smallest: ImageSize;
  readonly largest: ImageSize;
}

/** The values of data that is not in image files. */
export interface ValueRange {
  readonly type: "bytes" | "floats";
  readonly lowest: number;
  readonly highest: number;
}

export interface Inspection extends DataSummary {
  /** The least and the largest value of the training samples; null for image files. */
  readonly values: ValueRange | null;
  /** The sizes of the image files; null for other data. */
  readonly sizes: ImageSizes | null;
  /** Image files that cannot be read, with the reason. */
  readonly unreadable: readonly Failure[];
  /** What was chosen, left out and why, a line each. */
  readonly notes: readonly string[];
}

/** An inspection, and the data set that it is of. */
export interface Inspected {
  readonly inspection: Inspection;
  readonly data: DataSet;
}

/**
 * Reads the data set at `path` as training does, images left in their files, and looks at the header of every image.
 *
 * Throws `InputError` where training would refuse the data; not for a single class, or samples without labels.
 */
export async function inspectData(path: string, options: DataOptions = {}): Promise<Inspected> {
  const data = await readDataSet(path, { singleClass: true, ...options, stream: "always" });
  const { sizes, unreadable } = await measured([data.train, ...(data.test === null ? [] : [data.test])]);
  const notes = data.notes.filter((note) => !note.includes("images are streamed"));
  return { inspection: { ...summarizeData(data), values: valuesOf(data.train), sizes, unreadable, notes }, data };
}

function valuesOf(samples: Samples): ValueRange | null {
  if (samples.kind === "streamed") return null;
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of samples.values) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return { type: holdsBytes(samples) ? "bytes" : "floats", lowest, highest };
}

async function measured(parts: readonly Samples[]): Promise<Pick<Inspection, "sizes" | "unreadable">> {
  const unreadable: Failure[] = [];
  const sizes: ImageSize[] = [];
  for (const part of parts) {
    if (part.kind !== "streamed") continue;
    const entries = part.files.map((file, i) => ({ file, label: part.labels[i] as number }));
    const found = await measureImages(part.folder, entries, (failure) => unreadable.push(failure));
    for (const size of found.values()) sizes.push(size);
  }
  return { sizes: sizes.length === 0 ? null : summarizeSizes(sizes), unreadable };
}

function summarizeSizes(sizes: readonly ImageSize[]): ImageSizes {
  const pixels = ({ height, width }: ImageSize) => height * width;
  const distinct = new Set(sizes.map(({ height, width }) => `${height} ${width}`)).size;
  const smaller = (a: ImageSize, b: ImageSize) => (pixels(b) < pixels(a) ? b : a);
  const larger = (a: ImageSize, b: ImageSize) => (pixels(b) > pixels(a) ? b : a);
  return { distinct, smallest: sizes.reduce(smaller), largest: sizes.reduce(larger) };
}
