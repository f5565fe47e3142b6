// How attacks and radii are called in print.
import type { AttackSettings } from "../../../evaluation/attack/settings.js";
import { rate } from "../../html/format.js";

const NAMES: Readonly<Record<string, string>> = {
  fgsm: "FGSM",
  pgd: "PGD",
  mim: "momentum iterative",
  "apgd-ce": "APGD-CE",
  "apgd-t": "APGD-T",
  "fab-t": "FAB-T",
  square: "Square",
  "multi-targeted": "MultiTargeted",
  autoattack: "AutoAttack",
};

export const attackName = (name: string) => NAMES[name] ?? name;

/** `PGD-20`, with what sets it apart from the usual. */
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
