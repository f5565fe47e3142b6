// The flags that come from the recipe: those of every run, and those of one method.
import { type Command, Option } from "commander";
import type { z } from "zod";
import { didYouMean, InputError } from "../../errors.js";
import { isMethod, type Method, methodNamed, methods, methodsWith } from "../../methods/index.js";
import { flagOf } from "../../options/index.js";
import { CUSTOM } from "../../runs/custom-model.js";
import { parseYaml } from "../../runs/recipe/recipe-file.js";
import { coreShape, type RecipeKey, recipeKeys } from "../../runs/recipe/schema.js";

type Field = z.ZodType & {
  readonly def: { readonly innerType?: Field; readonly type: string; readonly entries?: object };
};

/** A field's own type inside `optional` and `default`. */
function innermost(field: Field): Field {
  return field.def.innerType === undefined ? field : innermost(field.def.innerType);
}

/** The schema of a key: of every run's, or of the first method that has it. */
function fieldOf(key: string): Field {
  return (coreShape[key] ?? methodsWith(key)[0]?.options[key]) as unknown as Field;
}

const argumentNames: Readonly<Record<string, string>> = {
  number: "n",
  union: "n|auto",
  pipe: "n|n/n",
  array: "a,b,...",
};

/** A flag with its line of help, the default printed from the schema. */
function optionOf(key: string, field: Field): Option {
  const inner = innermost(field);
  const description = field.description ?? inner.description ?? "";
  const { type, entries } = inner.def;
  if (type === "boolean") return new Option(flagOf(key), description);
  const choices = Object.keys(entries ?? {}).filter((choice) => choice !== CUSTOM);
  const argument = choices.join("|") || (argumentNames[type] ?? "value");
  return withArgument(
    key,
    argument,
    `${description}${defaultText(field.meta()?.defaultText ?? field.safeParse(undefined).data)}`,
  );
}

/** A long list of choices goes behind the description: in the flag's column it would push all others away. */
function withArgument(key: string, argument: string, description: string): Option {
  if (argument.length <= 30) return new Option(`${flagOf(key)} <${argument}>`, description);
  return new Option(`${flagOf(key)} <name>`, `${description}: ${argument.replaceAll("|", ", ")}`);
}

const defaultText = (value: unknown) =>
  value === undefined || value === false || String(value) === "" ? "" : ` (default: ${value})`;

/** The headings of the help, each before the key that its flags begin with. */
const headings: Readonly<Record<string, string>> = {
  data: "Data:",
  model: "Network:",
  objective: "Method:",
  epochs: "Training:",
  seed: "Machine:",
};

export interface RecipeOptions {
  /** The methods of the command, and the one of recipes that name none. */
  readonly objectives: readonly string[];
  readonly fallback: Method;
  /** The method whose options the help shows. */
  readonly shown: Method;
}

/** Adds a flag for every key of the recipe; the help has those of every run, and those of the method shown. */
export function addRecipeOptions(command: Command, { objectives, fallback, shown }: RecipeOptions): Command {
  for (const [key, field] of Object.entries(coreShape)) {
    if (headings[key] !== undefined) command.optionsGroup(headings[key]);
    if (key === "objective") {
      command.addOption(withArgument(key, objectives.join("|"), `training method (default: ${fallback.name})`));
    } else command.addOption(optionOf(key, field as unknown as Field));
  }
  command.optionsGroup(`Options of ${shown.name}, ${shown.title}:`);
  addMethodOptions(command, shown, false);
  for (const method of methods()) addMethodOptions(command, method, true);
  return command
    .optionsGroup("Other:")
    .option("--set <key=value>", "any recipe key, in YAML; may be repeated", collect, []);
}

function addMethodOptions(command: Command, { options }: Method, hidden: boolean): void {
  for (const [key, field] of Object.entries(options)) {
    if (command.options.some(({ long }) => long === flagOf(key))) continue;
    const option = optionOf(key, field as unknown as Field);
    command.addOption(hidden ? option.hideHelp() : option);
  }
}

/** The method that a help is about: `--help moco`, or that of `--objective`; else the command's default. */
export function methodOfHelp(words: readonly string[], fallback: Method): Method {
  const after = (...flags: string[]) => words.filter((_, i) => flags.includes(words[i - 1] ?? ""));
  const named = [...after("--help", "-h"), ...after("--objective")].find(isMethod);
  return named === undefined ? fallback : methodNamed(named);
}

/** Gathers the values of an option that may be repeated. */
export const collect = (text: string, before: string[]) => [...before, text];

function readFlag(key: string, text: unknown): unknown {
  const { type } = innermost(fieldOf(key)).def;
  if (type === "number" || type === "union" || type === "pipe")
    return Number.isNaN(Number(text)) || text === "" ? text : Number(text);
  if (type === "array")
    return String(text)
      .split(",")
      .map((item) => (Number.isNaN(Number(item)) || item.trim() === "" ? item : Number(item)));
  return text;
}

/** `key=value` as the key and its value. @throws InputError for a key that no recipe has, or a value that is no YAML. */
export function readSetting(setting: string): [string, unknown] {
  const at = setting.indexOf("=");
  if (at < 1) throw new InputError(`--set: received "${setting}"; expected key=value, such as batchSize=64`);
  const key = setting.slice(0, at);
  if (!recipeKeys().includes(key as RecipeKey)) {
    throw new InputError(`--set: unknown recipe key "${key}"${didYouMean(key, recipeKeys())}`);
  }
  return [key, parseYaml(setting.slice(at + 1), `--set: the value of "${setting}"`)];
}

/** The recipe keys that flags and `--set` gave; `--set` has the last word. */
export function recipeFromFlags(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = recipeKeys().filter((key) => options[key] !== undefined);
  const flags = given.map((key) => [key, readFlag(key, options[key])]);
  return Object.fromEntries([...flags, ...(options.set as string[]).map(readSetting)]);
}
