// A fraction of the labels, as when few samples are labeled.
import { InputError } from "../../errors.js";
import { randomFrom } from "../random.js";
import { membersOf } from "./class-members.js";

/**
 * The samples whose labels are used, ascending: `fraction` of every class, drawn by the seed, at least one.
 * @throws InputError for a fraction outside (0, 1].
 */
export function stratifiedSubset(labels: Int32Array, classes: number, fraction: number, seed: number): Int32Array {
  if (!(fraction > 0 && fraction <= 1)) {
    throw new InputError(`a label fraction of ${fraction} is out of range; expected a number over 0, at most 1`);
  }
  if (fraction === 1) return Int32Array.from(labels.keys());
  const chosen = membersOf(labels, classes).flatMap((members, label) => {
    const count = Math.min(Math.max(Math.round(fraction * members.length), 1), members.length);
    const drawn = randomFrom(seed, "label share", label).sample(members.length, count);
    return Array.from(drawn, (position) => members[position] as number);
  });
  return Int32Array.from(chosen).sort();
}
