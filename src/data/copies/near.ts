// Near copies of images: candidates by thumbnails or features, each verified on the pixels.
import { setImmediate } from "node:timers/promises";
import { type Features, findNeighbors, type Neighbors } from "../neighbors/index.js";
import { similarityOf } from "./similarity.js";
import { sides, type Thumbnails } from "./thumbnails.js";

/** Two samples, and how much they are alike, from 0 to 1. */
export interface CopyPair {
  readonly first: number;
  /** Within one set greater than `first`; else in the other set. */
  readonly second: number;
  readonly similarity: number;
}

/** The least similarity of copies: of CIFAR-10's pairs, different images of ships and skies reach 0.72. */
export const leastSimilarity = 0.8;

/** Candidates that thumbnails give a sample. */
const candidates = 5;

/** Pairs verified between two turns of the event loop. */
const pairsAtOnce = 20_000;

/**
 * The pairs of candidates that are similar by their pixels (see `similarityOf`; those of similarity 0 are left out), by position.
 * @param others another set to compare with (default: the images among themselves)
 * @param neighbors candidates: of each image, positions in the set that it is compared with
 */
export async function similarPairs(
  images: Thumbnails,
  neighbors: readonly Neighbors[],
  others?: Thumbnails,
): Promise<CopyPair[]> {
  const found: CopyPair[] = [];
  for (const [k, key] of candidateKeys(neighbors, others === undefined).entries()) {
    const [first, second] = [Math.floor(key / keySize), key % keySize];
    const similarity = similarityOf(images, first, others ?? images, second);
    if (similarity > 0) found.push({ first, second, similarity });
    if (k % pairsAtOnce === 0) await setImmediate();
  }
  return found;
}

/** A pair as one number, first * keySize + second. */
const keySize = 2 ** 26;

/** Each pair once, ascending. */
function candidateKeys(neighbors: readonly Neighbors[], within: boolean): Float64Array {
  const keys = new Set<number>();
  for (const { k, indices } of neighbors) {
    indices.forEach((other, at) => {
      const sample = Math.floor(at / k);
      if (other < 0 || (within && other === sample)) return;
      keys.add(within ? Math.min(sample, other) * keySize + Math.max(sample, other) : sample * keySize + other);
    });
  }
  return Float64Array.from(keys).sort();
}

/** The five nearest of each image by its 8 x 8 thumbnail plus the mirrored one, which mirroring does not change. */
export function nearestThumbnails(images: Thumbnails, others?: Thumbnails): Promise<Neighbors> {
  if (others === undefined) return findNeighbors(mirrorSums(images), { k: candidates, unreadable: images.blank });
  return findNeighbors(mirrorSums(others), {
    k: candidates,
    unreadable: others.blank,
    queries: mirrorSums(images),
    unreadableQueries: images.blank,
  });
}

/** (n, 8, 4): t(y, x) + t(y, 7 - x) of thumbnails with mean 0 and length 1. */
function mirrorSums({ levels }: Thumbnails): Features {
  const [, , side] = sides;
  const [from, pixels, half] = [levels[2], side * side, side / 2];
  const values = new Float32Array(from.length / 2);
  for (let start = 0; start < from.length; start += pixels) {
    const image = from.subarray(start, start + pixels);
    const mean = image.reduce((sum, value) => sum + value, 0) / pixels;
    const length = Math.sqrt(image.reduce((sum, value) => sum + (value - mean) ** 2, 0)) || 1;
    for (let k = 0; k < pixels / 2; k++) {
      const [row, x] = [Math.floor(k / half) * side, k % half];
      values[start / 2 + k] = (image[row + x]! + image[row + side - 1 - x]! - 2 * mean) / length;
    }
  }
  return { values, size: pixels / 2 };
}
