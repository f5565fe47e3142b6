// Folds for cross-validation.
import { InputError } from "../../errors.js";
import { option } from "../../options/index.js";
import { randomFrom } from "../random.js";
import { membersOf } from "./class-members.js";

/**
 * The fold of each sample, 0 to folds - 1: every class is dealt out evenly, in an order drawn by the seed. A class with fewer samples than
 * folds is in some of them only; samples without a label (-1) are dealt out as if they were a class.
 *
 * Throws `InputError` for fewer than two folds, or more than samples.
 */
export function stratifiedFolds(labels: Int32Array, classes: number, folds: number, seed: number): Int32Array {
  if (folds < 2 || folds > labels.length) {
    throw new InputError(
      `${option("folds")}: received ${folds}; expected 2 to ${labels.length}, the number of samples`,
    );
  }
  const unlabeled = Array.from(labels.keys()).filter((i) => labels[i]! < 0);
  const fold = new Int32Array(labels.length);
  let next = 0;
  [...membersOf(labels, classes), unlabeled].forEach((members, label) => {
    for (const at of randomFrom(seed, "folds", label).permutation(members.length)) fold[members[at]!] = next++ % folds;
  });
  return fold;
}

/**
 * The folds with every group of copies in the fold of its first sample, unless no other fold would then have a sample of one of
 * its classes; and how many samples changed folds.
 */
export function copiesInOneFold(
  folds: Int32Array,
  labels: Int32Array,
  groups: readonly (readonly number[])[],
): { readonly folds: Int32Array; readonly moved: number } {
  const joined = folds.slice();
  let moved = 0;
  for (const group of groups) {
    const to = joined[group[0]!]!;
    const moving = group.filter((i) => joined[i] !== to);
    const inGroup = new Set(group);
    const staysElsewhere = (label: number) =>
      labels.some((own, i) => own === label && joined[i] !== to && !inGroup.has(i));
    if (!group.every((i) => staysElsewhere(labels[i]!))) continue;
    for (const i of moving) joined[i] = to;
    moved += moving.length;
  }
  return { folds: joined, moved };
}
