// The settings of an attack on a run: those that every attack has, and those that the attack declares.
import { z } from "zod";
import { type Attack, type AttackDefinition, attackNamed, defaultAttack } from "../../attacks/index.js";
import { InputError } from "../../errors.js";
import { option, parseOptions } from "../../options/index.js";
import type { Recipe } from "../../runs/recipe/schema.js";
import { attackOptions, declarable, epsilonIn } from "./attack-options.js";

/** The settings of an attack, which determine its result; null for settings that the attack does not have. */
export interface AttackSettings {
  readonly attack: string;
  readonly norm: "inf" | "2";
  readonly epsilon: number;
  readonly steps: number | null;
  readonly stepSize: number | null;
  readonly restarts: number | null;
  readonly loss: string | null;
  /** How many samples, drawn from the data the same way for every run; null for all. */
  readonly limit: number | null;
  readonly batchSize: number;
  /** `last`, `best`, or the number of an epoch whose weights the run kept. */
  readonly checkpoint: "last" | "best" | number;
  readonly seed: number;
  readonly precision: Recipe["precision"];
  readonly kernels: Recipe["kernels"];
  readonly saveImages: boolean;
}

type DeclaredSettings = Pick<AttackSettings, (typeof declarable)[number]>;

/** Settings that may be left out. */
export type AttackChoices = Omit<z.input<typeof attackOptions>, "epsilon" | "stepSize"> & {
  readonly epsilon?: number | undefined;
  readonly stepSize?: number | null | undefined;
  /** The name of an attack (default: `pgd`), or custom attacks made for this norm and epsilon, to try one after the other. */
  readonly attack?: string | readonly Attack[] | undefined;
};

/**
 * All settings, with defaults.
 * @throws InputError for an unknown attack, a setting that it does not have, and values out of range.
 */
export function settingsOf(choices: AttackChoices, recipe: Recipe): AttackSettings {
  const { attack: requested = defaultAttack.name } = choices;
  const { norm, epsilon = epsilonIn(norm), kernels, ...parsed } = parseOptions(attackOptions, choices);
  const attack = typeof requested === "string" ? requested : requested.map(({ name }) => name).join("+");
  return {
    attack,
    norm,
    epsilon,
    ...declaredSettings(typeof requested === "string" ? attackNamed(requested) : null, { norm, epsilon }, parsed),
    limit: parsed.limit,
    batchSize: parsed.batchSize,
    checkpoint: parsed.checkpoint,
    seed: parsed.seed,
    precision: parsed.precision,
    kernels: kernels ?? (parsed.precision === "fp32" ? "auto" : recipe.kernels),
    saveImages: parsed.saveImages,
  };
}

/** The settings that the attack declares, with defaults; null for the others. */
function declaredSettings(
  definition: AttackDefinition | null,
  ball: { readonly norm: "inf" | "2"; readonly epsilon: number },
  choices: Pick<z.output<typeof attackOptions>, (typeof declarable)[number]>,
): DeclaredSettings {
  const shape = definition?.options(ball) ?? {};
  const declared = declarable.filter((name) => name in shape);
  const foreign = declarable.find((name) => choices[name] != null && !declared.includes(name));
  if (foreign !== undefined) {
    const has = declared.length === 0 ? "no settings" : `only ${declared.map((name) => option(name)).join(", ")}`;
    throw new InputError(
      `${option(foreign)}: received ${choices[foreign]}; expected none, for the attack ${definition?.name ?? "given"} has ${has}`,
    );
  }
  const given = Object.fromEntries(declared.map((name) => [name, choices[name] ?? undefined]));
  const parsed = parseOptions(z.object(shape), given) as Partial<DeclaredSettings>;
  const { steps = null, stepSize = null, restarts = null, loss = null } = parsed;
  return { steps, stepSize, restarts, loss };
}
