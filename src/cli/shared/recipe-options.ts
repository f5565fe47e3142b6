// The flags of recipe keys: those of every run, and those of each method.
import { extname } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { didYouMean, InputError } from "../../errors.js";
import { isMethod, type Method, methodNamed, methods, methodsWith } from "../../methods/index.js";
import { type Field, flagOf, option } from "../../options/index.js";
import { parseYaml, readRecipeFile } from "../../runs/recipe/recipe-file.js";
import { coreShape, labeledKeys, type RecipeKey, recipeGroups, recipeKeys } from "../../runs/recipe/schema.js";
import { commanderOption, readText, withArgument } from "./options.js";

/** The schema of a key of every run, or of the first method that has the key. */
function fieldOf(key: string): Field {
  return (coreShape[key] ?? methodsWith(key)[0]?.options[key]) as unknown as Field;
}

/** `--set key=value`, for any key. */
export const settingsOption = () =>
  z
    .array(z.string())
    .default([])
    .describe("set any recipe key, in YAML; repeatable")
    .meta({ argument: "key=value", repeatable: true });

/** The flag of a key; never mandatory, as a recipe file may have it. */
const flagOfKey = (key: string, field: unknown) => commanderOption(key, field as Field).makeOptionMandatory(false);

export interface RecipeOptions {
  /** The methods of the command, and its default. */
  readonly objectives: readonly string[];
  readonly fallback: Method;
  /** The method whose options are in the help. */
  readonly inHelp: Method;
}

/** Adds a flag for every recipe key; the help has those of every run and those of one method. */
export function addRecipeOptions(command: Command, { objectives, fallback, inHelp }: RecipeOptions): Command {
  for (const { title, shape } of recipeGroups()) {
    command.optionsGroup(`${title}:`);
    for (const [key, field] of Object.entries(shape)) {
      if (key === "objective") {
        command.addOption(withArgument(key, objectives.join("|"), "training method", ` (default: ${fallback.name})`));
      } else if (fallback.family === "self-supervised" && labeledKeys.includes(key as RecipeKey)) {
        command.addOption(flagOfKey(key, field).hideHelp());
      } else command.addOption(flagOfKey(key, field));
    }
  }
  command.optionsGroup(`Options of ${inHelp.name}, ${inHelp.title}:`);
  addMethodOptions(command, inHelp, false);
  for (const method of methods()) addMethodOptions(command, method, true);
  return command.optionsGroup("Other:").addOption(commanderOption("set", settingsOption() as unknown as Field));
}

function addMethodOptions(command: Command, { options }: Method, hidden: boolean): void {
  for (const [key, field] of Object.entries(options)) {
    if (command.options.some(({ long }) => long === flagOf(key))) continue;
    const option = flagOfKey(key, field);
    command.addOption(hidden ? option.hideHelp() : option);
  }
}

/** The method of the help: `--help moco`, or that of `--objective`, or the command's default. */
export function methodOfHelp(words: readonly string[], fallback: Method): Method {
  const after = (...flags: string[]) => words.filter((_, i) => flags.includes(words[i - 1] ?? ""));
  const named = [...after("--help", "-h"), ...after("--objective")].find(isMethod);
  return named === undefined ? fallback : methodNamed(named);
}

/** Parses `key=value`. @throws InputError for an unknown key or invalid YAML. */
export function readSetting(setting: string): [string, unknown] {
  const at = setting.indexOf("=");
  if (at < 1) throw new InputError(`--set: received "${setting}"; expected key=value, such as batchSize=64`);
  const key = setting.slice(0, at);
  if (!recipeKeys().includes(key as RecipeKey)) {
    throw new InputError(`--set: unknown recipe key "${key}"${didYouMean(key, recipeKeys())}`);
  }
  return [key, parseYaml(setting.slice(at + 1), `--set: the value of "${setting}"`)];
}

/**
 * The recipe keys of the argument: a recipe file, or the path of data.
 * @throws InputError where the argument and the flags name different data; a recipe file may be trained on other data.
 */
export function recipeOfArgument(
  data: string | undefined,
  flags: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  if (data === undefined) return {};
  if (/^\.ya?ml$/.test(extname(data))) return readRecipeFile(data);
  requireSame("data", data, "data", flags.data);
  return { data };
}

/** @throws InputError for two different values of one recipe key. */
export function requireSame(name: string, value: string, flag: string, other: unknown): void {
  if (other === undefined || other === value) return;
  const first = name === flag ? `the argument "${value}"` : option(name, value);
  throw new InputError(`${first} and ${option(flag, other)} differ; expected one of the two`);
}

/** The recipe keys given by flags and by `--set`, which wins. */
export function recipeFromFlags(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = recipeKeys().filter((key) => options[key] !== undefined);
  const flags = given.map((key) => [key, readText(fieldOf(key), options[key])]);
  return Object.fromEntries([...flags, ...((options.set ?? []) as string[]).map(readSetting)]);
}
