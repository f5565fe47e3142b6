// Order: samples that are next to each other in the data and alike, so that they were not drawn independently.
import { type Random, randomFrom } from "../../data/index.js";
import type { Neighbors } from "../../data/neighbors/index.js";
import type { IssueKind } from "./define-kind.js";

/** Random orders that the data's own is compared with: p = 1/40 where none of them is as extreme. */
const permutations = 39;

/** The least p that is no issue. */
const level = 0.05;

/**
 * Whether neighbors by features are near in the order of the data as well. Data is often sorted by class, so only neighbors with
 * the same label count, by their places r within the class of n samples:
 *
 *     gap = mean over neighbors i, j of |r_i - r_j| / n
 *     p = (1 + number of random orders within the classes with a gap as small) / (1 + 39)
 *
 * Where p < 0.05, a sample's score is the fraction of these neighbors within 1% of its class (one place at least), and it is
 * flagged over 0.5.
 */
export const order: IssueKind = {
  name: "order",
  title: "order",
  needs: ["features"],
  advice: "alike in a row, as frames of a video are: keep such samples in one part, train or test",
  async find(evidence) {
    const { k, indices } = await evidence.neighbors();
    const { labels } = evidence.part;
    const pairs = { k, indices, labels, places: placesOf(labels), sizes: sizesOf(labels) };
    const own = meanGap(pairs, pairs.places);
    const random = randomFrom(labels.length, "order of the data");
    const others = Array.from({ length: permutations }, () => meanGap(pairs, shuffled(pairs, random)));
    const p = (1 + others.filter((other) => other <= own).length) / (1 + permutations);
    const scores = p < level ? nearFractions(pairs) : new Float32Array(labels.length);
    const flags = Uint8Array.from(scores, (score) => Number(score > 0.5));
    const figures = `mean gap ${own.toFixed(2)} of a class, p = ${p.toFixed(3)}`;
    const summary =
      p < level
        ? `neighbors are near in the order of the data (${figures})`
        : `no dependence on it (p = ${p.toFixed(2)})`;
    return { columns: [{ name: "order", scores, flags }], groups: [], summary };
  },
};

interface Pairs extends Pick<Neighbors, "k" | "indices"> {
  readonly labels: Int32Array;
  /** Each sample's place within its class. */
  readonly places: Int32Array;
  /** The samples of each class. */
  readonly sizes: ReadonlyMap<number, number>;
}

function sizesOf(labels: Int32Array): Map<number, number> {
  const sizes = new Map<number, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  return sizes;
}

function placesOf(labels: Int32Array): Int32Array {
  const next = new Map<number, number>();
  return labels.map((label) => {
    const place = next.get(label) ?? 0;
    next.set(label, place + 1);
    return place;
  });
}

/** Places in a random order of each class. */
function shuffled({ labels, places, sizes }: Pairs, random: Random): Int32Array {
  const orders = new Map(Array.from(sizes, ([label, size]) => [label, random.permutation(size)]));
  return places.map((place, i) => orders.get(labels[i]!)![place]!);
}

/** 1 without any neighbors of the same label. */
function meanGap(pairs: Pairs, places: Int32Array): number {
  let [count, sum] = [0, 0];
  for (let at = 0; at < pairs.indices.length; at++) {
    const [sample, neighbor] = [Math.floor(at / pairs.k), pairs.indices[at]!];
    if (!isPair(pairs, sample, neighbor)) continue;
    count += 1;
    sum += Math.abs(places[sample]! - places[neighbor]!) / pairs.sizes.get(pairs.labels[sample]!)!;
  }
  return count === 0 ? 1 : sum / count;
}

const isPair = ({ labels }: Pairs, sample: number, neighbor: number) =>
  neighbor >= 0 && labels[sample] === labels[neighbor];

function nearFractions(pairs: Pairs): Float32Array {
  const { k, indices, labels, places, sizes } = pairs;
  return Float32Array.from(labels, (label, i) => {
    const own = indices.subarray(i * k, (i + 1) * k).filter((j) => isPair(pairs, i, j));
    const reach = Math.max(1, sizes.get(label)! / 100);
    return own.length === 0 ? 0 : own.filter((j) => Math.abs(places[i]! - places[j]!) <= reach).length / own.length;
  });
}
