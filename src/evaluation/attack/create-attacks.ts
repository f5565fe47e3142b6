// The attacks that a name stands for, made by the settings.
import {
  type Attack,
  apgd,
  apgdTargeted,
  autoAttackMembers,
  type Ball,
  fabT,
  fgsm,
  momentumIterative,
  multiTargeted,
  pgd,
  square,
} from "../../attacks/index.js";
import { InputError } from "../../errors.js";
import { option } from "../../options/index.js";
import type { AttackName, AttackSettings } from "./settings.js";

/** What the maker of an attack is told: those settings that it has. */
interface Given {
  readonly ball: Ball;
  readonly seed: number;
  readonly steps?: number;
  readonly stepSize?: number;
  readonly restarts?: number;
}

type Maker = (given: Given, loss: AttackSettings["loss"], classes: number) => readonly Attack[];

const makers: Readonly<Record<AttackName, Maker>> = {
  fgsm: (given) => [fgsm(given)],
  pgd: (given, loss) => [pgd({ ...given, loss: lossNamed(loss) })],
  mim: (given) => [momentumIterative(given)],
  "apgd-ce": (given) => [apgd(given)],
  "apgd-t": (given) => [apgdTargeted(given)],
  "fab-t": ({ ball, steps = 100 }) => [fabT({ ball, iterations: steps })],
  square: ({ ball, seed, steps = 5000 }) => [square({ ball, seed, queries: steps })],
  "multi-targeted": (given) => [multiTargeted(given)],
  autoattack: ({ ball, seed }, _, classes) => autoAttackMembers(ball, classes, seed),
};

/** @throws InputError for a loss that PGD does not climb. */
function lossNamed(name: string | null): "ce" | "margin" {
  if (name === "ce" || name === "margin") return name;
  throw new InputError(`${option("loss")}: received "${name}"; expected ce or margin`);
}

/** Settings that have a value. */
function set(settings: object): object {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
}

/**
 * The attacks of these settings on a network of so many classes, in the order in which they are tried; none for a radius of 0,
 * in which there is nothing to search. Attacks that are given stand for themselves.
 * @throws InputError for a setting out of range.
 */
export function createAttacks(
  settings: AttackSettings,
  classes: number,
  given: readonly Attack[] | null,
): readonly Attack[] {
  const { attack, norm, epsilon, seed, steps, stepSize, restarts, loss } = settings;
  if (epsilon === 0) return [];
  if (given !== null) return given;
  const told = { ball: { norm, epsilon }, seed, ...set({ steps, stepSize, restarts }) };
  return makers[attack as AttackName](told, loss, classes);
}
