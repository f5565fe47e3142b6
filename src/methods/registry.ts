// The list of training methods.
import type { z } from "zod";
import { didYouMean, InputError } from "../errors.js";
import { option } from "../options/index.js";
import { pgdAt, trades, tradesSat } from "./adversarial.js";
import { bootstrapHard, bootstrapSoft } from "./bootstrap.js";
import { byol } from "./byol.js";
import { ce } from "./ce.js";
import { custom } from "./custom.js";
import { deepGamblers } from "./deep-gamblers.js";
import { elr } from "./elr.js";
import { fixedRandom } from "./fixed-random.js";
import { forward } from "./forward.js";
import { gce } from "./gce.js";
import { labelSmoothing } from "./label-smoothing.js";
import type { Method } from "./method.js";
import { mixup } from "./mixup.js";
import { moco } from "./moco.js";
import { sat } from "./sat.js";
import { satPlus } from "./sat-plus.js";
import { satSelective } from "./sat-selective.js";
import { satSsl } from "./sat-ssl.js";
import { sce } from "./sce.js";
import { selectivenet } from "./selectivenet.js";
import { simclr } from "./simclr.js";
import { simsiam } from "./simsiam.js";
import { sop } from "./sop.js";

const builtIn = [
  ce,
  sat,
  satPlus,
  labelSmoothing,
  mixup,
  bootstrapSoft,
  bootstrapHard,
  forward,
  gce,
  sce,
  elr,
  sop,
  satSelective,
  deepGamblers,
  selectivenet,
  trades,
  tradesSat,
  pgdAt,
  satSsl,
  byol,
  simsiam,
  simclr,
  moco,
  fixedRandom,
] as const;

type BuiltIn = (typeof builtIn)[number];
export type MethodName = BuiltIn["name"];

type Intersection<Union> = (Union extends unknown ? (value: Union) => void : never) extends (value: infer All) => void
  ? All
  : never;
type Open<Values> = { [Key in keyof Values]?: Values[Key] | undefined };
// Over each shape of the union by itself; one without options would forbid every key.
type Outputs<Shape> = Shape extends z.ZodRawShape
  ? keyof Shape extends never
    ? never
    : Open<z.output<z.ZodObject<Shape>>>
  : never;
type Inputs<Shape> = Shape extends z.ZodRawShape
  ? keyof Shape extends never
    ? never
    : Open<z.input<z.ZodObject<Shape>>>
  : never;
/**
 * The recipe keys of methods that a program registers. It declares its own:
 * `declare module "selfadapt" { interface RegisteredOptions { polyEpsilon?: number } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: programs add to it.
export interface RegisteredOptions {}

/** The options of all methods, as they are once parsed, and as they may be given. */
export type MethodOptions = Intersection<Outputs<BuiltIn["options"]>> & RegisteredOptions;
export type MethodInput = Intersection<Inputs<BuiltIn["options"]>> & RegisteredOptions;

const registered = new Map<string, Method>(builtIn.map((method) => [method.name, method]));

/** The default method. */
export const defaultMethod: Method = sat;
/** The default method of `pretrain`. */
export const defaultSelfSupervisedMethod: Method = satSsl;

/**
 * Adds a method for this process: recipes can then name it, and its runs be resumed and evaluated.
 * @throws InputError for a name that is taken, or that of custom objectives.
 */
export function registerMethod(method: Method): void {
  if (method.name === custom.name) {
    throw new InputError(`a method cannot be named "${custom.name}", which stands for objectives passed to train`);
  }
  if (registered.has(method.name)) throw new InputError(`a method "${method.name}" is registered already`);
  registered.set(method.name, method);
}

/** All methods that a recipe can name. */
export const methods = (): readonly Method[] => [...registered.values()];

/** @throws InputError for a name that no method has. */
export function methodNamed(name: string): Method {
  const method = name === custom.name ? custom : registered.get(name);
  if (method !== undefined) return method;
  const names = [...registered.keys()];
  throw new InputError(
    `${option("objective")}: received ${JSON.stringify(name)}; expected one of ${names.join(", ")}${didYouMean(name, names)}`,
  );
}

export const isMethod = (name: string): boolean => registered.has(name);

/** The methods that have an option of this name. */
export const methodsWith = (key: string): readonly Method[] =>
  methods().filter(({ options }) => Object.hasOwn(options, key));
