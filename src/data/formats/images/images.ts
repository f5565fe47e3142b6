// Image files of any kind and size, decoded by sharp into one array of 3-channel sRGB pixels, or streamed.
import { InputError } from "../../../errors.js";
import type { HeldSamples, ReadOptions } from "../../types.js";
import { decodeImage } from "./decode-image.js";
import { depthsOf, type KnownDepths } from "./depth-ranges.js";
import {
  type Failure,
  forEachImage,
  type ImageEntry,
  measureImages,
  type OnFailure,
  showFailures,
} from "./each-image.js";
import { type ImageLists, type ReadImages, validationOf } from "./image-set.js";
import { assertFits, chooseSize, type ImageSize } from "./image-size.js";
import { isStreamed, streamImages } from "./stream-images.js";

/** Both parts, decoded, or streamed where the options say so. Throws `InputError` as `decodeImages` and `streamImages` do. */
export async function readImages(lists: ImageLists, options: ReadOptions): Promise<ReadImages> {
  return (await isStreamed(lists, options)) ? streamImages(lists, options) : decodeImages(lists, options);
}

/**
 * Decodes both parts to one size (see `chooseSize`): short side resized, center cropped, EXIF orientation applied,
 * transparency laid on white. Images that cannot be decoded are skipped and named in `notes`.
 *
 * Throws `InputError` where one cannot be decoded and `strict` is set, where none can, and where memory is short.
 */
export async function decodeImages(lists: ImageLists, options: ReadOptions): Promise<ReadImages<HeldSamples>> {
  const entries = [...lists.train, ...(lists.test ?? [])];
  const failures: Failure[] = [];
  const fail = (failure: Failure) => {
    if (options.strict) throw new InputError(`${failure.file} cannot be decoded: ${failure.reason}`);
    failures.push(failure);
  };
  const sizes = await measureImages(lists.folder, entries, fail);
  if (sizes.size === 0)
    throw new InputError(`none of ${entries.length} images can be decoded: ${showFailures(failures)}`);
  const size = chooseSize([...sizes.values()], options.imageSize);
  assertFits(sizes.size, size);
  const depths = await depthsOf(lists.folder, sizes, options.depthRanges);
  const decode = (part: readonly ImageEntry[]) => {
    const readable = part.filter((entry) => sizes.has(entry));
    return decodePart(lists.folder, readable, size, depths, fail);
  };
  const train = await decode(lists.train);
  const test = lists.test === null ? null : await decode(lists.test);
  const skipped = `${failures.length} of ${entries.length} images cannot be decoded and were skipped: ${showFailures(failures)}`;
  const notes = [
    ...(size.note === null ? [] : [size.note]),
    ...depths.notes,
    ...(failures.length === 0 ? [] : [skipped]),
  ];
  return { train: train.samples, test: test?.samples ?? null, ...validationOf(train.kept), notes };
}

async function decodePart(
  folder: string,
  entries: readonly ImageEntry[],
  { height, width }: ImageSize,
  { kept: ranges }: KnownDepths,
  fail: OnFailure,
) {
  const length = 3 * height * width;
  const values = new Uint8Array(entries.length * length);
  const decoded = new Uint8Array(entries.length);
  await forEachImage(folder, entries, fail, async (path, i) => {
    values.set(await decodeImage(path, { channels: 3, height, width, ...ranges }), i * length);
    decoded[i] = 1;
  });
  const { samples, kept } = compact(entries, decoded, values, [3, height, width]);
  return { samples: { ...samples, ...ranges }, kept };
}

/** Closes the gaps that images which could not be decoded left. */
function compact(
  entries: readonly ImageEntry[],
  decoded: Uint8Array,
  values: Uint8Array,
  shape: number[],
): { samples: HeldSamples; kept: readonly ImageEntry[] } {
  const length = shape.reduce((product, side) => product * side, 1);
  const kept = entries.filter((_, i) => decoded[i] === 1);
  let to = 0;
  decoded.forEach((done, i) => {
    if (done === 0) return;
    if (to !== i) values.copyWithin(to * length, i * length, (i + 1) * length);
    to++;
  });
  const labels = Int32Array.from(kept, ({ label }) => label);
  const samples = { values: values.subarray(0, to * length), shape, labels, files: kept.map(({ file }) => file) };
  return { samples, kept };
}
