// What an attack can be told, what it does where it is told nothing, and which attack knows which setting.
import type { Attack } from "../../attacks/index.js";
import { didYouMean, InputError } from "../../errors.js";
import { option } from "../../options/index.js";
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

/** The settings that only some attacks have. */
const own = ["steps", "stepSize", "restarts", "loss"] as const;
type OwnSetting = (typeof own)[number];

/** What each attack has of these, with what it is unless given; a step size counts in radii. */
const defaults = {
  fgsm: {},
  pgd: { steps: 20, stepSize: 0.1, restarts: 1, loss: "ce" },
  mim: { steps: 10, stepSize: 0.1 },
  "apgd-ce": { steps: 100, restarts: 1 },
  "apgd-t": { steps: 100, restarts: 1 },
  "fab-t": { steps: 100 },
  square: { steps: 5000 },
  "multi-targeted": { steps: 200, stepSize: 1, restarts: 9 },
  autoattack: {},
} as const satisfies Record<string, Partial<Record<OwnSetting, number | string>>>;

export type AttackName = keyof typeof defaults;
export const attackNames = Object.keys(defaults) as AttackName[];

/** Of AutoAttack's benchmarks. */
const usualEpsilon = { inf: 8 / 255, "2": 0.5 } as const;

/** Settings that may be left out. */
export type AttackChoices = {
  readonly [Name in Exclude<keyof AttackSettings, "attack">]?: AttackSettings[Name] | undefined;
} & {
  /** The name of an attack, `pgd` unless given; or attacks of one's own, made for this norm and epsilon, one after the other. */
  readonly attack?: string | readonly Attack[] | undefined;
};

/**
 * All settings, defaults in the place of what was left out.
 * @throws InputError for an attack nobody knows, a setting that it does not have, and values out of range.
 */
export function settingsOf(choices: AttackChoices, recipe: Recipe): AttackSettings {
  const { attack: asked = "pgd", norm = "inf", limit = null, batchSize = 128, seed = 0 } = choices;
  const attack = typeof asked === "string" ? asked : asked.map(({ name }) => name).join("+");
  const { epsilon = usualEpsilon[norm], checkpoint = "last", saveImages = false } = choices;
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
    ...ownSettings(typeof asked === "string" ? defaultsOf(asked) : {}, attack, epsilon, choices),
    limit,
    batchSize,
    checkpoint,
    seed,
    ...machineOf(choices, recipe),
    saveImages,
  };
}

/** @throws InputError for a name that no attack has. */
function defaultsOf(name: string): Partial<Record<OwnSetting, number | string>> {
  if (name in defaults) return defaults[name as AttackName];
  const known = attackNames.join(", ");
  throw new InputError(
    `${option("attack")}: received "${name}"; expected one of ${known}${didYouMean(name, attackNames)}`,
  );
}

function ownSettings(
  usual: Partial<Record<OwnSetting, number | string>>,
  attack: string,
  epsilon: number,
  choices: AttackChoices,
): Pick<AttackSettings, OwnSetting> {
  const stranger = own.find((name) => choices[name] != null && usual[name] === undefined);
  if (stranger !== undefined) {
    const has = own.filter((name) => usual[name] !== undefined);
    throw new InputError(
      `${option(stranger)}: received ${choices[stranger]}; expected none, for the attack ${attack} has ${has.length === 0 ? "no settings of its own" : `only ${has.map((name) => option(name)).join(", ")}`}`,
    );
  }
  const number = (name: OwnSetting) => (choices[name] ?? usual[name] ?? null) as number | null;
  const usualStep = usual.stepSize === undefined ? null : (usual.stepSize as number) * epsilon;
  return {
    steps: number("steps"),
    stepSize: choices.stepSize ?? usualStep,
    restarts: number("restarts"),
    loss: choices.loss ?? (usual.loss as string | undefined) ?? null,
  };
}

/** In fp32 unless given: in bfloat16, rounding hides slopes that an attack climbs. */
function machineOf({ precision = "fp32", kernels }: AttackChoices, { kernels: trained }: Recipe) {
  const chosen = kernels ?? (precision === "fp32" ? "auto" : trained);
  const asked = parseRecipe({ data: "-", precision, kernels: chosen });
  return { precision: asked.precision, kernels: asked.kernels };
}
