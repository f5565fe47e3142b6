// What the copies among parts of the data are found by: digests, thumbnails and candidates, each made once.
import {
  type CopyPair,
  digestsOf,
  nearestThumbnails,
  rowDigests,
  similarPairs,
  thumbnailsOf,
} from "../../data/copies/index.js";
import { type Features, findNeighbors, type Neighbors } from "../../data/neighbors/index.js";
import { type DataPart, type IssueEvidence, neighborCount } from "../part.js";

/** Without images: the most of the median distance to the nearest neighbor, and the least cosine. @see cleanlab's Datalab for 0.13 */
const [mostOfMedian, leastCosine] = [0.13, 0.98];

/** The nearest neighbors by features that are compared as images, of ten. */
const compared = 5;

const hasImages = ({ samples }: DataPart) => samples !== null && samples.shape.length === 3;

/** Once for each set of samples or features. */
function once<Key extends object, T>(make: (key: Key) => Promise<T>) {
  const made = new WeakMap<Key, Promise<T>>();
  return (key: Key): Promise<T> => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

const digestsOnce = once(digestsOf);
const thumbnailsOnce = once(thumbnailsOf);
const featureDigestsOnce = once(({ values, size }: Features) => rowDigests(values, values.length / size));

export type Digests = readonly (string | null)[];

/** Of each sample a digest, where there are only features one of those; null where it cannot be read. */
export async function partDigests({ samples, features, labels, unreadable }: DataPart): Promise<Digests> {
  const unread = new Set(unreadable);
  if (samples === null && features === null) return Array.from(labels, () => null);
  const digests = await (samples === null ? featureDigestsOnce(features!) : digestsOnce(samples));
  return digests.map((digest, i) => (unread.has(i) ? null : digest));
}

/** Pairs of similar samples, and whether each is a copy. */
export interface Compared {
  readonly pairs: readonly CopyPair[];
  readonly isCopy: (pair: CopyPair) => boolean;
}

/** By pixels, where the part has images, with `least` similarity; else by its features. */
export async function similarWithin(evidence: IssueEvidence, least: number): Promise<Compared> {
  const { part } = evidence;
  const graph = part.features === null ? [] : [await evidence.neighbors()];
  if (!hasImages(part)) {
    const digests = await partDigests(part);
    return similarFeatures(graph, { of: digests, among: digests, within: true });
  }
  const thumbnails = await thumbnailsOnce(part.samples!);
  const pairs = await similarPairs(thumbnails, [await nearestThumbnails(thumbnails), ...graph.map(nearest)]);
  return { pairs, isCopy: ({ similarity }) => similarity >= least };
}

/** Pairs of a sample of the part and one of another part. */
export async function similarBetween(part: DataPart, other: DataPart, least: number): Promise<Compared> {
  const graph = await neighborsBetween(part, other);
  if (!hasImages(part) || !hasImages(other)) {
    return similarFeatures(graph, { of: await partDigests(part), among: await partDigests(other), within: false });
  }
  const [thumbnails, others] = await Promise.all([part, other].map(({ samples }) => thumbnailsOnce(samples!)));
  const candidates = [await nearestThumbnails(thumbnails!, others), ...graph.map(nearest)];
  const pairs = await similarPairs(thumbnails!, candidates, others);
  return { pairs, isCopy: ({ similarity }) => similarity >= least };
}

async function neighborsBetween(part: DataPart, other: DataPart): Promise<Neighbors[]> {
  const [queries, features] = [part.features, other.features];
  if (queries === null || queries.size !== features?.size) return [];
  const search = { k: neighborCount, queries, unreadable: other.unreadable, unreadableQueries: part.unreadable };
  return [await findNeighbors(features as Features, search)];
}

/** The first five of ten neighbors. */
function nearest({ k, indices, similarities, recall }: Neighbors): Neighbors {
  const most = Math.min(k, compared);
  const isNear = (_: number, at: number) => at % k < most;
  return { k: most, indices: indices.filter(isNear), similarities: similarities.filter(isNear), recall };
}

/** The digests of the samples and of those searched, and whether these are the same samples. */
interface Searched {
  readonly of: Digests;
  readonly among: Digests;
  readonly within: boolean;
}

/** Each sample with its neighbors; copies are far nearer than the nearest neighbor, exact copies aside, of half of the samples. */
function similarFeatures(graph: readonly Neighbors[], { of, among, within }: Searched): Compared {
  const pairs = graph.flatMap(({ k, indices, similarities }) =>
    Array.from(
      indices,
      (second, at): CopyPair => ({ first: Math.floor(at / k), second, similarity: similarities[at]! }),
    ),
  );
  const known = pairs.filter(({ first, second }) => second >= 0 && !(within && first === second));
  const isExact = (first: number, second: number) => of[first] !== null && of[first] === among[second];
  const median = medianDistance(graph, isExact);
  const isCopy = ({ similarity }: CopyPair) => similarity >= leastCosine && 1 - similarity < mostOfMedian * median;
  return { pairs: known.map((pair) => ({ ...pair, similarity: Math.max(0, pair.similarity) })), isCopy };
}

/** The median of 1 - cos of each sample and its nearest neighbor that is no exact copy. */
function medianDistance(graph: readonly Neighbors[], isExact: (first: number, second: number) => boolean): number {
  const distances = graph.flatMap(({ k, indices, similarities }) =>
    Array.from({ length: indices.length / k }, (_, i) => {
      const at = Array.from({ length: k }, (_, rank) => i * k + rank).find((at) => !isExact(i, indices[at]!));
      return at === undefined || indices[at]! < 0 ? [] : [1 - similarities[at]!];
    }).flat(),
  );
  return distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 0;
}
