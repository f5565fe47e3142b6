// The attacks that settings describe.
import { type Attack, attackNamed } from "../../attacks/index.js";
import { InputError } from "../../errors.js";
import { isOnnxName } from "../../models/index.js";
import { option } from "../../options/index.js";
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

/** @throws InputError for attacks by gradients on a network that has none: an encoder of an ONNX file. */
export function requireGradients(model: string | undefined, attack: string, attacks: readonly Attack[]): void {
  if (model === undefined || !isOnnxName(model) || attacks.every(({ access }) => access === "logits")) return;
  throw new InputError(
    `${option("attack", attack)} needs gradients, and the encoder of ${option("model", model)} has none; expected ${option("attack", "square")}`,
  );
}
