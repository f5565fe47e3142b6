// How attacks and radii are called in print.
import { findAttack } from "../../../attacks/index.js";
import type { AttackSettings } from "../../../evaluation/attack/settings.js";
import { rate } from "../../html/format.js";

export const attackName = (name: string) => findAttack(name)?.title ?? name;

/** `PGD-20`, with what differs from the defaults. */
export function attackTitle({ attack, steps, restarts, loss }: AttackSettings): string {
  const count = steps === null ? "" : `-${steps}`;
  const starts = restarts === null || restarts === 1 ? "" : `, ${restarts} starts`;
  return `${attackName(attack)}${count}${starts}${loss === "margin" ? ", margin loss" : ""}`;
}

/** A radius as a number: `0.031 (7.905/255)`, `0.5 in the 2 norm`. */
export function radiusText({ norm, epsilon }: Pick<AttackSettings, "norm" | "epsilon">): string {
  const number = String(Number(epsilon.toPrecision(6)));
  return norm === "2" ? `${number} in the 2 norm` : `${number} (${rate(255 * epsilon)}/255)`;
}
