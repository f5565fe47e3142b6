// The settings of an attack on a run: those that every attack has, and those that the attack declares.
import { z } from "zod";
import { type Attack, type AttackDefinition, attackNamed, defaultAttack } from "../../attacks/index.js";
import { InputError } from "../../errors.js";
import { option, parseOptions } from "../../options/index.js";
import { parseRecipe, type Recipe } from "../../runs/recipe/schema.js";

/** What an attack was asked to do, all that decides its outcome; null where the attack has no such setting. */
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
  readonly precision: string;
  readonly kernels: string;
  readonly saveImages: boolean;
}

/** The settings that only some attacks declare. */
const declarable = ["steps", "stepSize", "restarts", "loss"] as const;
type DeclaredSettings = Pick<AttackSettings, (typeof declarable)[number]>;

/** Of AutoAttack's benchmarks. */
const benchmarkEpsilon = { inf: 8 / 255, "2": 0.5 } as const;

/** Settings that may be left out. */
export type AttackChoices = {
  readonly [Name in Exclude<keyof AttackSettings, "attack">]?: AttackSettings[Name] | undefined;
} & {
  /** The name of an attack (default: `pgd`), or custom attacks made for this norm and epsilon, to try one after the other. */
  readonly attack?: string | readonly Attack[] | undefined;
};

/**
 * All settings, defaults in the place of what was left out.
 * @throws InputError for an unknown attack, a setting that it does not have, and values out of range.
 */
export function settingsOf(choices: AttackChoices, recipe: Recipe): AttackSettings {
  const { attack: requested = defaultAttack.name, norm = "inf", limit = null, batchSize = 128, seed = 0 } = choices;
  const attack = typeof requested === "string" ? requested : requested.map(({ name }) => name).join("+");
  const { epsilon = benchmarkEpsilon[norm], checkpoint = "last", saveImages = false } = choices;
  if (norm !== "inf" && norm !== "2") throw new InputError(`${option("norm")}: received "${norm}"; expected inf or 2`);
  const counts = { batchSize, ...(limit !== null && { limit }) };
  for (const [name, count] of Object.entries(counts)) {
    if (Number.isInteger(count) && count >= 1) continue;
    throw new InputError(`${option(name)}: received ${count}; expected a whole number of at least 1`);
  }
  if (!(epsilon >= 0 && epsilon < Infinity)) {
    throw new InputError(`${option("epsilon")}: received ${epsilon}; expected a number of at least 0`);
  }
  return {
    attack,
    norm,
    epsilon,
    ...declaredSettings(typeof requested === "string" ? attackNamed(requested) : null, { norm, epsilon }, choices),
    limit,
    batchSize,
    checkpoint,
    seed,
    ...computeOf(choices, recipe),
    saveImages,
  };
}

/** The settings that the attack declares, defaults in the place of what was left out; null for the others. */
function declaredSettings(
  definition: AttackDefinition | null,
  ball: { readonly norm: "inf" | "2"; readonly epsilon: number },
  choices: AttackChoices,
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

/** In fp32 by default: in bfloat16, rounding hides the gradients that an attack follows. */
function computeOf({ precision = "fp32", kernels }: AttackChoices, { kernels: trained }: Recipe) {
  const chosen = kernels ?? (precision === "fp32" ? "auto" : trained);
  const asked = parseRecipe({ data: "-", precision, kernels: chosen });
  return { precision: asked.precision, kernels: asked.kernels };
}
