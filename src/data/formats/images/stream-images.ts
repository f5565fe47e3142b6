// Image sets that are streamed: what they are without decoding them.
import { constants } from "node:buffer";
import { resolve } from "node:path";
import { InputError } from "../../../errors.js";
import { evenlySpread } from "../../loader/streamed.js";
import type { ReadOptions, StreamedSamples } from "../../types.js";
import { depthsOf } from "./depth-ranges.js";
import { type ImageEntry, measureImages, type OnFailure, showFailures } from "./each-image.js";
import { type ImageLists, type ReadImages, validationOf } from "./image-set.js";
import { chooseSize, type ImageSize, largestSide } from "./image-size.js";

/** The fraction of the free memory that decoded images may take before they are streamed. */
const maxFraction = 1 / 4;

const entriesOf = ({ train, test }: ImageLists) => [...train, ...(test ?? [])];

/** Whether a set is streamed: where that is requested, and under `auto` where it would take over a quarter of the free memory. */
export async function isStreamed(
  lists: ImageLists,
  { stream = "never", imageSize }: ReadOptions,
  free = process.availableMemory(),
): Promise<boolean> {
  if (stream !== "auto") return stream === "always";
  const entries = entriesOf(lists);
  const most = Math.min(maxFraction * free, constants.MAX_LENGTH);
  const fits = ({ height, width }: ImageSize) => entries.length * 3 * height * width <= most;
  const largest = imageSize ?? largestSide;
  if (fits({ height: largest, width: largest })) return false;
  const sizes = await measureSome(lists.folder, entries, () => {});
  return sizes.size > 0 && !fits(chooseSize([...sizes.values()], imageSize));
}

async function measureSome(folder: string, entries: readonly ImageEntry[], fail: OnFailure) {
  const some = Array.from(evenlySpread(entries.length), (i) => entries[i] as ImageEntry);
  return measureImages(folder, some, fail);
}

/** At most these are decoded to look at the values in images of more than 8 bits. */
const mostDecoded = 200;

/**
 * Both parts as streams of images of one size, chosen as `decodeImages` does, but by at most 1,000 of them, evenly spread.
 *
 * Throws `InputError` where none of those can be decoded, or one of them under `strict`.
 */
export async function streamImages(
  lists: ImageLists,
  { imageSize, strict = false, depthRanges }: ReadOptions,
): Promise<ReadImages<StreamedSamples>> {
  const { folder, train, test } = lists;
  const entries = entriesOf(lists);
  const failures: Parameters<OnFailure>[0][] = [];
  const sizes = await measureSome(folder, entries, (failure) => {
    if (strict) throw new InputError(`${failure.file} cannot be decoded: ${failure.reason}`);
    failures.push(failure);
  });
  if (sizes.size === 0) {
    throw new InputError(`none of ${failures.length} images can be decoded: ${showFailures(failures)}`);
  }
  const { height, width } = chooseSize([...sizes.values()], imageSize);
  const depths = await depthsOf(folder, sizes, depthRanges, mostDecoded);
  const streamed = (part: readonly ImageEntry[]): StreamedSamples => ({
    kind: "streamed",
    folder: resolve(folder),
    files: part.map(({ file }) => file),
    strict,
    shape: [3, height, width],
    labels: Int32Array.from(part, ({ label }) => label),
    ...depths.kept,
  });
  const notes = [
    `${entries.length} images are streamed, each decoded to ${width} x ${height} when it is needed`,
    ...depths.notes,
  ];
  return { train: streamed(train), test: test === null ? null : streamed(test), ...validationOf(train), notes };
}
