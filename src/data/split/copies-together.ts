// Exact copies on one side of a split, so that nothing is evaluated on what it was trained on.
import { digestsOf, equalPairs, groupsOf } from "../copies/index.js";
import type { Samples } from "../types.js";
import type { Split } from "./split.js";

/** Streamed images are compared by their files' bytes, all of which are read: of so many files at most. */
export const mostFiles = 20_000;

/**
 * The split with every group of exact copies where its first sample is; on the other side if a class would be left with no sample on
 * this one, and as it was drawn if that holds for both. Without copies it is the same split. Samples labeled -1 and images of one
 * color, such as those in the place of missing files, are no copies.
 */
export async function copiesTogether(split: Split, samples: Samples, labels: Int32Array): Promise<Split> {
  if (samples.kind === "streamed" && samples.files.length > mostFiles) return split;
  const digests = (await digestsOf(samples)).map((digest, i) =>
    labels[i]! < 0 || isBlank(samples, i) ? null : digest,
  );
  const sideOf = new Uint8Array(labels.length);
  for (const i of split.validation) sideOf[i] = heldOut;
  const counts = [split.train, split.validation].map((side) => countLabels(labels, side));
  let moved = 0;
  for (const group of groupsOf(labels.length, equalPairs(digests))) {
    const first = sideOf[group[0]!]!;
    for (const to of [first, 1 - first]) {
      const moving = group.filter((i) => sideOf[i] !== to);
      const leaving = countLabels(labels, moving);
      if ([...leaving].some(([label, count]) => counts[1 - to]!.get(label)! <= count)) continue;
      for (const i of moving) sideOf[i] = to;
      for (const [label, count] of leaving) {
        counts[1 - to]!.set(label, counts[1 - to]!.get(label)! - count);
        counts[to]!.set(label, (counts[to]!.get(label) ?? 0) + count);
      }
      moved += moving.length;
      break;
    }
  }
  return moved === 0 ? split : { ...partsOf(split, sideOf), notes: [...split.notes, noteOf(moved)] };
}

/** Whether an image in memory is of one color in all channels. */
function isBlank(samples: Samples, i: number): boolean {
  if (samples.kind === "streamed" || samples.shape.length !== 3) return false;
  const size = samples.values.length / samples.labels.length;
  const first = samples.values[i * size];
  for (let at = i * size; at < (i + 1) * size; at++) if (samples.values[at] !== first) return false;
  return true;
}

/** The sides of a split: 0 is training. */
const heldOut = 1;

function countLabels(labels: Int32Array, some: Iterable<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const i of some) counts.set(labels[i]!, (counts.get(labels[i]!) ?? 0) + 1);
  return counts;
}

const noteOf = (moved: number) => `exact copies stay on one side of the split: ${moved} samples changed sides`;

function partsOf({ train, validation }: Split, sideOf: Uint8Array): Pick<Split, "train" | "validation"> {
  const all = Int32Array.from([...train, ...validation]).sort();
  return { train: all.filter((i) => sideOf[i] !== heldOut), validation: all.filter((i) => sideOf[i] === heldOut) };
}
