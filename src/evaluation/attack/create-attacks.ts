// The attacks that settings describe.
import { type Attack, attackNamed } from "../../attacks/index.js";
import type { AttackSettings } from "./settings.js";

/**
 * The attacks of these settings on a network of so many classes, in their order; none for a radius of 0, in which there is
 * nothing to search. Custom attacks are returned as they are.
 * @throws InputError for a setting out of range.
 */
export function createAttacks(
  { attack, norm, epsilon, seed, steps, stepSize, restarts, loss }: AttackSettings,
  classes: number,
  custom: readonly Attack[] | null,
): readonly Attack[] {
  if (epsilon === 0) return [];
  if (custom !== null) return custom;
  const declared = Object.entries({ steps, stepSize, restarts, loss }).filter(([, value]) => value !== null);
  return attackNamed(attack).attacks({ ball: { norm, epsilon }, seed, ...Object.fromEntries(declared) }, classes);
}
