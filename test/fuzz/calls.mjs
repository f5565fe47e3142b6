// @ts-check
// One wrong or nearly right call, made from a seed and a number: what is called, with what, and what is done with the result.
import { readFileSync } from "node:fs";
import { ops } from "../../dist/torch/index.js";
import { readSchema } from "../../scripts/operators/schema.mjs";
import { otherCalls } from "./other-calls.mjs";
import { randomOf } from "./random.mjs";
import { anyShape, someTensor } from "./tensors.mjs";
import { validCalls } from "./valid-calls.mjs";
import { garbage, plausible } from "./values.mjs";

/** @typedef {import("./random.mjs").Random} Random */
/** @typedef {{ name: string, type: string, fallback?: string, keywordOnly: boolean }} Argument */
/** @typedef {{ name: string, values: unknown[], call: (...values: unknown[]) => unknown }} Call */

const schemas = readFileSync(new URL("../../scripts/operators/schemas-1.13.txt", import.meta.url), "utf8")
  .split("\n")
  .filter(Boolean)
  .map((line) => readSchema(line));
const names = [...new Set(schemas.map(({ name }) => /** @type {string} */ (name).replace("aten::", "")))];

/** @param {string} name */
const camelCase = (name) => name.replace(/^_+/, "").replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** @param {string} name */
function operatorNamed(name) {
  const table = /** @type {Record<string, Call["call"]>} */ (/** @type {unknown} */ (ops));
  const found = table[camelCase(name)] ?? table[`${camelCase(name)}_`];
  if (found === undefined) throw new Error(`no operator ${name} is exported`);
  return found;
}

/** @param {Random} random @param {number} probability @param {unknown} value */
const orGarbage = (random, probability, value) => (random.chance(probability) ? garbage(random) : value);

/** @param {Random} random @param {string} name @param {number} wrong how often an argument is of the wrong kind */
function bySchema(random, name, wrong) {
  const form = random.pick(schemas.filter((schema) => schema.name === `aten::${name}`));
  const list = /** @type {Argument[]} */ (form.arguments);
  const shape = anyShape(random);
  /** @param {Argument} argument */
  const make = (argument) => orGarbage(random, wrong, plausible(random, argument, shape));
  const isPositional = (/** @type {Argument} */ argument) => argument.fallback === undefined && !argument.keywordOnly;
  const values = list.filter(isPositional).map(make);
  const named = list.filter((argument) => !isPositional(argument) && random.chance(0.4));
  const options = Object.fromEntries(named.map((argument) => [camelCase(argument.name), make(argument)]));
  if (named.length > 0) values.push(orGarbage(random, wrong / 4, options));
  if (random.chance(wrong / 4)) values.splice(random.int(0, values.length), 1);
  if (random.chance(wrong / 4)) values.push(garbage(random));
  return values;
}

/** @param {Random} random @param {unknown} value */
function spoilt(random, value) {
  const tensor = /** @type {{ shape?: number[] } | null | undefined} */ (value);
  if (Array.isArray(tensor?.shape) && random.chance(0.8)) {
    const shape = [...tensor.shape];
    if (shape.length > 0 && random.chance(0.6)) shape[random.int(0, shape.length - 1)] = random.int(0, 6);
    if (random.chance(0.3)) shape.splice(random.int(0, shape.length), random.int(0, 1), random.int(0, 3));
    return someTensor(random, shape, random.chance(0.5) ? { dtype: "int64", low: -1, high: 5 } : {});
  }
  const type =
    typeof value === "boolean" ? "bool" : typeof value === "string" ? "str" : Number.isInteger(value) ? "int" : "float";
  const argument = { name: "size", type: Array.isArray(value) && typeof value[0] !== "object" ? "int[]" : type };
  return orGarbage(random, 0.1, plausible(random, argument, []));
}

/** @param {Random} random @param {string} name */
function nearlyRight(random, name) {
  const { values, options = {} } = /** @type {(random: Random) => import("./valid-calls.mjs").Call} */ (
    validCalls[name]
  )(random);
  const spoil = (/** @type {unknown} */ value) => (random.chance(0.2) ? spoilt(random, value) : value);
  const named = Object.entries(options).filter(([, value]) => value !== undefined && random.chance(0.7));
  const spoiltOptions = Object.fromEntries(named.map(([key, value]) => [key, spoil(value)]));
  return [...values.map(spoil), ...(named.length > 0 ? [spoiltOptions] : [])];
}

/**
 * The call of that number in that seed's sequence, not yet made.
 * @param {number} seed @param {number} index
 * @returns {{ call: Call, random: Random }}
 */
export function callOf(seed, index) {
  const random = randomOf(seed, index);
  const kind = random.float();
  if (kind < 0.08) return { call: otherCalls(random), random };
  const wellFormed = kind > 0.6;
  const name = random.pick(wellFormed ? Object.keys(validCalls) : names);
  const values = wellFormed ? nearlyRight(random, name) : bySchema(random, name, kind < 0.3 ? 0.4 : 0);
  return { call: { name, values, call: operatorNamed(name) }, random };
}
