// The attacks that a name stands for, made by the settings.
import { type Attack, type Ball, type PgdOptions, pgd } from "../../attacks/index.js";
import type { AttackSettings } from "../run-types.js";
import type { AttackName } from "./settings.js";

type Settings = Pick<AttackSettings, "seed" | "steps" | "stepSize" | "restarts" | "loss">;

const makers: Partial<Record<AttackName, (ball: Ball, settings: Settings) => readonly Attack[]>> = {
  pgd: (ball, { seed, ...settings }) => [pgd({ ball, seed, ...(set(settings) as Omit<PgdOptions, "ball">) })],
};

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
  const { norm, epsilon } = settings;
  if (epsilon === 0) return [];
  return given ?? makers[settings.attack as AttackName]?.({ norm, epsilon }, settings) ?? [];
}
