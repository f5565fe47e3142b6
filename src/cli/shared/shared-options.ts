// The flags that every command has, and the flags that come from the recipe.
import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import type { z } from "zod";
import { didYouMean, InputError } from "../../errors.js";
import { parseYaml } from "../../runs/recipe/recipe-file.js";
import { flagOf, type RecipeKey, recipeKeys, recipeSchema } from "../../runs/recipe/schema.js";

export interface SharedOptions {
  readonly json: boolean;
  readonly threads?: number;
}

/** `--threads 2` as a number. @throws InputError for anything but a whole number from 1 to what the machine has. */
function parseThreads(text: string): number {
  const most = Math.max(64, availableParallelism());
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  throw new InputError(`--threads: received "${text}"; expected a whole number from 1 to ${most}`);
}

/** Adds `--json` and `--threads`, and `--seed` and `--device` where the recipe's flags do not bring them. */
export function addSharedOptions(command: Command, threads = "threads of the CPU; all cores unless given"): Command {
  return command
    .option("--json", "print one JSON object on stdout; messages go to stderr", false)
    .option("--threads <n>", threads, parseThreads);
}

type Field = z.ZodType & {
  readonly def: { readonly innerType?: Field; readonly type: string; readonly entries?: object };
};

/** A field's own type inside `optional` and `default`. */
function innermost(field: Field): Field {
  return field.def.innerType === undefined ? field : innermost(field.def.innerType);
}

/** What a command says of a key other than the recipe does. */
type OwnChoices = {
  readonly [Key in RecipeKey]?: { readonly choices: readonly string[]; readonly usual: string };
};

function optionOf(key: RecipeKey, own: OwnChoices): Option {
  const field = recipeSchema.shape[key] as unknown as Field;
  const inner = innermost(field);
  const description = field.description ?? inner.description ?? "";
  const fallback = own[key]?.usual ?? field.safeParse(undefined).data;
  const shown =
    fallback === undefined || fallback === false || String(fallback) === "" ? "" : ` (default: ${fallback})`;
  const { type, entries } = inner.def;
  if (type === "boolean") return new Option(flagOf(key), description);
  const choices = (own[key]?.choices ?? Object.keys(entries ?? {})).join("|");
  // A long list in the flag's own column would push every other flag's description away.
  if (choices.length > 30)
    return new Option(`${flagOf(key)} <name>`, `${description}: ${choices.replaceAll("|", ", ")}${shown}`);
  return new Option(`${flagOf(key)} <${choices || (argumentNames[type] ?? "value")}>`, `${description}${shown}`);
}

const argumentNames: Readonly<Record<string, string>> = {
  number: "n",
  union: "n|auto",
  pipe: "n|n/n",
  array: "a,b,...",
};

/** The headings of the help, each before the recipe key that its flags begin with. */
const headings: { readonly [Key in RecipeKey]?: string } = {
  data: "Data:",
  model: "Network:",
  objective: "Method:",
  epochs: "Training:",
  seed: "Machine:",
};

/** Adds a flag for every key of the recipe. */
export function addRecipeOptions(command: Command, own: OwnChoices = {}): Command {
  for (const key of recipeKeys) {
    const heading = headings[key];
    if (heading !== undefined) command.optionsGroup(heading);
    command.addOption(optionOf(key, own));
  }
  return command.option("--set <key=value>", "any recipe key, in YAML; may be repeated", collect, []);
}

/** Gathers the values of an option that may be repeated. */
export const collect = (text: string, before: string[]) => [...before, text];

function readFlag(key: RecipeKey, text: unknown): unknown {
  const { type } = innermost(recipeSchema.shape[key] as unknown as Field).def;
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
  if (!recipeKeys.includes(key as RecipeKey)) {
    throw new InputError(`--set: unknown recipe key "${key}"${didYouMean(key, recipeKeys)}`);
  }
  return [key, parseYaml(setting.slice(at + 1), `--set: the value of "${setting}"`)];
}

/** The recipe keys that flags and `--set` gave; `--set` has the last word. */
export function recipeFromFlags(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = recipeKeys.filter((key) => options[key] !== undefined).map((key) => [key, readFlag(key, options[key])]);
  return Object.fromEntries([...given, ...(options.set as string[]).map(readSetting)]);
}
