// Groups of copies that a split or folds keep together.
import {
  digestsOf,
  equalPairs,
  groupsOf,
  leastSimilarity,
  nearestThumbnails,
  similarPairs,
  thumbnailsOf,
} from "../copies/index.js";
import type { HeldSamples, Samples } from "../types.js";

/** Streamed images are compared by their files' bytes, all of which are read: of so many files at most. */
export const mostFiles = 20_000;

/** Near copies are looked for among so many images in memory at most: about two seconds. */
export const mostImages = 10_000;

/** Where a larger fraction of the images have near copies, they are alike, as digits are, and no copies. */
const mostCopies = 0.1;

/**
 * Groups of two samples or more with equal values or files and, for images in memory, of near copies as `issues` finds them by
 * pixels. Samples labeled -1 and images of one color, such as those in the place of missing files, are no copies.
 */
export async function groupsOfCopies(samples: Samples, labels: Int32Array): Promise<number[][]> {
  if (samples.kind === "streamed" && samples.files.length > mostFiles) return [];
  const isCopy = (i: number) => labels[i]! >= 0 && !isBlank(samples, i);
  const digests = (await digestsOf(samples)).map((digest, i) => (isCopy(i) ? digest : null));
  const near = (await nearPairs(samples)).filter(({ first, second }) => isCopy(first) && isCopy(second));
  const alike = new Set(near.flatMap(({ first, second }) => [first, second])).size > mostCopies * labels.length;
  return groupsOf(labels.length, [...equalPairs(digests), ...(alike ? [] : near)]);
}

/** Of images in memory that are not equal. */
async function nearPairs(samples: Samples) {
  if (samples.kind === "streamed" || samples.shape.length !== 3 || samples.labels.length > mostImages) return [];
  const thumbnails = await thumbnailsOf(samples);
  const pairs = await similarPairs(thumbnails, [await nearestThumbnails(thumbnails)]);
  return pairs.filter(
    ({ first, second, similarity }) => similarity >= leastSimilarity && !areEqual(samples, first, second),
  );
}

function areEqual({ values, labels }: HeldSamples, first: number, second: number): boolean {
  const size = values.length / labels.length;
  const other = values.subarray(second * size, (second + 1) * size);
  return values.subarray(first * size, (first + 1) * size).every((value, at) => value === other[at]);
}

/** Whether an image in memory is of one color in all channels. */
function isBlank(samples: Samples, i: number): boolean {
  if (samples.kind === "streamed" || samples.shape.length !== 3) return false;
  const size = samples.values.length / samples.labels.length;
  const first = samples.values[i * size];
  for (let at = i * size; at < (i + 1) * size; at++) if (samples.values[at] !== first) return false;
  return true;
}
