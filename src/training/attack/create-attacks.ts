// The attacks that a name stands for, made by the settings.
import {
  type Attack,
  apgd,
  apgdTargeted,
  type Ball,
  fgsm,
  momentumIterative,
  multiTargeted,
  pgd,
} from "../../attacks/index.js";
import { InputError } from "../../errors.js";
import type { AttackSettings } from "../run-types.js";
import type { AttackName } from "./settings.js";

/** What the maker of an attack is told: those settings that it has. */
interface Given {
  readonly ball: Ball;
  readonly seed: number;
  readonly steps?: number;
  readonly stepSize?: number;
  readonly restarts?: number;
}

const makers: Partial<Record<AttackName, (given: Given, loss: AttackSettings["loss"]) => readonly Attack[]>> = {
  fgsm: (given) => [fgsm(given)],
  pgd: (given, loss) => [pgd({ ...given, loss: lossNamed(loss) })],
  mim: (given) => [momentumIterative(given)],
  "apgd-ce": (given) => [apgd(given)],
  "apgd-t": (given) => [apgdTargeted(given)],
  "multi-targeted": (given) => [multiTargeted(given)],
};

/** @throws InputError for a loss that PGD does not climb. */
function lossNamed(name: string | null): "ce" | "margin" {
  if (name === "ce" || name === "margin") return name;
  throw new InputError(`--loss: received "${name}"; expected ce or margin`);
}

/** Settings that have a value. */
function set(settings: object): object {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
}

/**
 * The attacks of these settings, in the order in which they are tried; none for a radius of 0, in which there is nothing to
 * search. Attacks that are given stand for themselves.
 * @throws InputError for a setting out of range.
 */
export function createAttacks(settings: AttackSettings, given: readonly Attack[] | null): readonly Attack[] {
  const { attack, norm, epsilon, seed, steps, stepSize, restarts, loss } = settings;
  if (epsilon === 0) return [];
  return (
    given ??
    makers[attack as AttackName]?.({ ball: { norm, epsilon }, seed, ...set({ steps, stepSize, restarts }) }, loss) ??
    []
  );
}
