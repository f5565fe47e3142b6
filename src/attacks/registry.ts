// The list of named attacks.
import { didYouMean, InputError } from "../errors.js";
import { option } from "../options/index.js";
import { apgdCeAttack, apgdDlrAttack, apgdTargetedAttack } from "./apgd/apgd.js";
import { autoAttackDefinition } from "./auto-attack.js";
import { deepFoolAttack } from "./deep-fool.js";
import type { AttackDefinition } from "./define-attack.js";
import { fabTAttack } from "./fab/fab.js";
import { fgsmAttack } from "./fgsm.js";
import { momentumIterativeAttack } from "./momentum-iterative.js";
import { multiTargetedAttack } from "./multi-targeted.js";
import { pgdAttack } from "./pgd.js";
import { squareAttack } from "./square/square.js";

export const attackDefinitions: readonly AttackDefinition[] = [
  fgsmAttack,
  pgdAttack,
  momentumIterativeAttack,
  apgdCeAttack,
  apgdDlrAttack,
  apgdTargetedAttack,
  fabTAttack,
  squareAttack,
  multiTargetedAttack,
  deepFoolAttack,
  autoAttackDefinition,
];

/** The default attack. */
export const defaultAttack: AttackDefinition = pgdAttack;

export const attackNames: readonly string[] = attackDefinitions.map(({ name }) => name);

/** Null where no attack has this name, such as of a custom one. */
export function findAttack(name: string): AttackDefinition | null {
  return attackDefinitions.find((definition) => definition.name === name) ?? null;
}

/** @throws InputError for a name that no attack has. */
export function attackNamed(name: string): AttackDefinition {
  const definition = findAttack(name);
  if (definition !== null) return definition;
  const known = attackNames.join(", ");
  throw new InputError(
    `${option("attack")}: received ${JSON.stringify(name)}; expected one of ${known}${didYouMean(name, attackNames)}`,
  );
}
