// The range that all images of a pixel type count in, of a data set with more than 8 bits a value.
import { listed } from "../../listed.js";
import { type DeepPicture, type DepthRanges, deepPicture, type ValueRange, valueRange } from "./deep-pixels.js";
import { forEachImage, type ImageEntry, type MeasuredImage } from "./each-image.js";

/** What is known of a data set's deep images: their ranges, to be kept with the samples, and a line for the user; nothing without any. */
export interface KnownDepths {
  readonly kept: { readonly depthRanges?: DepthRanges };
  readonly notes: readonly string[];
}

/**
 * Looks at the values of the images that are deeper than bytes, of at most `most` of them, evenly spread. `given` ranges, of the data that a
 * network was trained on, stay as they are.
 */
export async function depthsOf(
  folder: string,
  measured: ReadonlyMap<ImageEntry, MeasuredImage>,
  given: DepthRanges | undefined,
  most = Number.POSITIVE_INFINITY,
): Promise<KnownDepths> {
  const deep = [...measured].flatMap(([entry, { isDeep }]) => (isDeep ? [entry] : []));
  const step = Math.ceil(deep.length / Math.min(most, Math.max(1, deep.length)));
  const pictures = await deepPictures(
    folder,
    deep.filter((_, i) => i % step === 0),
  );
  const depthRanges = depthRangesOf(pictures, given);
  const kept = Object.keys(depthRanges).length === 0 ? {} : { depthRanges };
  return { kept, notes: rangeNotes(pictures, depthRanges) };
}

/** Images that cannot be decoded are reported when they are. */
async function deepPictures(folder: string, entries: readonly ImageEntry[]): Promise<DeepPicture[]> {
  const found: (DeepPicture | null)[] = new Array(entries.length).fill(null);
  const look = async (path: string, i: number) => {
    found[i] = await deepPicture(path);
  };
  await forEachImage(folder, entries, () => {}, look);
  return found.filter((picture) => picture !== null);
}

function depthRangesOf(pictures: readonly DeepPicture[], given: DepthRanges = {}): DepthRanges {
  const found = typesOf(pictures).map((depth): [string, ValueRange] => {
    const all = pictures.filter((picture) => picture.depth === depth).map(({ extremes }) => extremes);
    const least = all.reduce((lowest, [low]) => Math.min(lowest, low), Number.POSITIVE_INFINITY);
    const largest = all.reduce((highest, [, high]) => Math.max(highest, high), Number.NEGATIVE_INFINITY);
    return [depth, valueRange(depth, least, largest)];
  });
  return { ...Object.fromEntries(found), ...given };
}

const typesOf = (pictures: readonly DeepPicture[]) => [...new Set(pictures.map(({ depth }) => depth))];

/** One line on what becomes black and white, and how many pictures have each type. */
function rangeNotes(pictures: readonly DeepPicture[], ranges: DepthRanges): string[] {
  if (pictures.length === 0) return [];
  const shown = typesOf(pictures)
    .map((type) => ({ range: ranges[type]!, count: pictures.filter(({ depth }) => depth === type).length }))
    .sort((a, b) => b.range[1] - a.range[1] || a.range[0] - b.range[0])
    .map(({ range: [low, high], count }) => `${inShort(low)} to ${inShort(high)} (${count})`);
  const dark = pictures.filter(({ depth, extremes: [, largest] }) => largest < ranges[depth]![1] / 4).length;
  const darkNote = dark === 0 ? "" : `; ${dark} of them ${dark === 1 ? "stays" : "stay"} below a quarter of it`;
  return [`images of more than 8 bits a value: black to white is ${listed(shown, 4)}${darkNote}`];
}

const inShort = (value: number) => Number(value.toPrecision(6));
