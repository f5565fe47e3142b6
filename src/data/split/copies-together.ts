// Copies on one side of a split, so that nothing is evaluated on what it was trained on.
import type { Samples } from "../types.js";
import { groupsOfCopies } from "./groups-of-copies.js";
import type { Split } from "./split.js";

/**
 * The split with every group of copies (`groupsOfCopies`) where its first sample is; on the other side if a class would be left with no sample on
 * this one, and as it was drawn if that holds for both. Without copies it is the same split.
 */
export async function copiesTogether(split: Split, samples: Samples, labels: Int32Array): Promise<Split> {
  const sideOf = new Uint8Array(labels.length);
  for (const i of split.validation) sideOf[i] = heldOut;
  const counts = [split.train, split.validation].map((side) => countLabels(labels, side));
  let moved = 0;
  for (const group of await groupsOfCopies(samples, labels)) {
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

/** The sides of a split: 0 is training. */
const heldOut = 1;

function countLabels(labels: Int32Array, some: Iterable<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const i of some) counts.set(labels[i]!, (counts.get(labels[i]!) ?? 0) + 1);
  return counts;
}

const noteOf = (moved: number) => `copies stay on one side of the split: ${moved} samples changed sides`;

function partsOf({ train, validation }: Split, sideOf: Uint8Array): Pick<Split, "train" | "validation"> {
  const all = Int32Array.from([...train, ...validation]).sort();
  return { train: all.filter((i) => sideOf[i] !== heldOut), validation: all.filter((i) => sideOf[i] === heldOut) };
}
