// The validation split, so that nobody has to look at the test set to choose; and a test part for data that has none.
import { InputError } from "../../errors.js";
import { listed } from "../listed.js";
import { randomFrom } from "../random.js";
import { membersOf } from "./class-members.js";

/** The samples of each part, as ascending indices. */
export interface Split {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  /** Notes on classes of which no sample can be held out. */
  readonly notes: readonly string[];
}

/**
 * Holds out `fraction` of every class, drawn at random, at least one sample and never all of them: a class with a single sample
 * stays in training.
 * @param part what is held out; `validation` in the result in either case
 *
 * Throws `InputError` on a fraction outside (0, 1).
 */
export function stratifiedSplit(
  labels: Int32Array,
  classes: readonly string[],
  fraction: number,
  seed: number,
  part: "validation" | "test" = "validation",
): Split {
  if (!(fraction > 0 && fraction < 1)) {
    throw new InputError(`${part} fraction ${fraction} is out of range; expected a number between 0 and 1`);
  }
  const heldOut = new Uint8Array(labels.length);
  const single: string[] = [];
  membersOf(labels, classes.length).forEach((members, label) => {
    if (members.length === 1) single.push(classes[label] as string);
    if (members.length < 2) return;
    const count = Math.min(Math.max(Math.round(fraction * members.length), 1), members.length - 1);
    const chosen = randomFrom(seed, `${part} split`, label).sample(members.length, count);
    for (const i of chosen) heldOut[members[i]!] = 1;
  });
  const all = Int32Array.from(labels.keys());
  return {
    train: all.filter((i) => heldOut[i] === 0),
    validation: all.filter((i) => heldOut[i] === 1),
    notes: single.length === 0 ? [] : [`classes of one sample, which stays in training: ${listed(single, 6)}`],
  };
}
