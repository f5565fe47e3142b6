// Display names of attacks and radii.
import { findAttack } from "../../../attacks/index.js";
import type { AttackSettings } from "../../../evaluation/attack/settings.js";

export const attackName = (name: string) => findAttack(name)?.title ?? name;

/** `PGD-20`, with what differs from the defaults. */
export function attackTitle({ attack, steps, restarts, loss }: AttackSettings): string {
  const count = steps === null ? "" : `-${steps}`;
  const starts = restarts === null || restarts === 1 ? "" : `, ${restarts} starts`;
  return `${attackName(attack)}${count}${starts}${loss === "margin" ? ", margin loss" : ""}`;
}
