// A share of the labels, as when few samples were ever labelled.
import { InputError } from "../../errors.js";
import { randomFrom } from "../random.js";
import { membersOf } from "./class-members.js";

/**
 * The samples whose labels may be used, ascending: of each class so large a share, drawn by the seed, at least one.
 *
 * Throws `InputError` on a share outside (0, 1].
 */
export function stratifiedShare(labels: Int32Array, classes: number, share: number, seed: number): Int32Array {
  if (!(share > 0 && share <= 1)) {
    throw new InputError(`a label share of ${share} is out of range; expected a number over 0, at most 1`);
  }
  if (share === 1) return Int32Array.from(labels.keys());
  const chosen = membersOf(labels, classes).flatMap((members, label) => {
    const count = Math.min(Math.max(Math.round(share * members.length), 1), members.length);
    const places = randomFrom(seed, "label share", label).sample(members.length, count);
    return Array.from(places, (place) => members[place] as number);
  });
  return Int32Array.from(chosen).sort();
}
