// Commands' options: a Zod schema gives the flags, the help and the checks.
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type { z } from "zod";
import { InputError } from "../../errors.js";
import {
  choicesOf,
  type Field,
  factsOf,
  flagOf,
  innermost,
  type OptionsSchema,
  option,
  parseOptions,
  typesOf,
} from "../../options/index.js";

/** Headings of the help, by the name of the option after them. */
export type Headings = Readonly<Record<string, string>>;

/** Adds a flag for each option of the schema. */
export function addOptions(command: Command, schema: OptionsSchema, headings: Headings = {}): Command {
  for (const [name, field] of Object.entries(schema.shape)) {
    if (headings[name] !== undefined) command.optionsGroup(headings[name]);
    command.addOption(commanderOption(name, field as unknown as Field));
  }
  return command;
}

/** The options of the given flags, checked, with defaults. @throws InputError for the first wrong one, or for a file that two of them write. */
export function readOptions<Schema extends OptionsSchema>(schema: Schema, flags: object): z.output<Schema> {
  const given = Object.entries(flags).map(([name, text]) => {
    const field = schema.shape[name] as unknown as Field | undefined;
    return [name, field === undefined ? text : readText(field, text)];
  });
  const options = parseOptions(schema, Object.fromEntries(given), { received: flags });
  requireDifferentFiles(schema, options);
  return options;
}

function requireDifferentFiles(schema: OptionsSchema, options: object): void {
  const writers = new Map<string, string>();
  for (const [name, value] of Object.entries(options)) {
    const field = schema.shape[name] as unknown as Field | undefined;
    if (field === undefined || typeof value !== "string" || !factsOf(field).written) continue;
    const other = writers.get(resolve(value));
    if (other !== undefined) {
      throw new InputError(
        `${option(other, value)} and ${option(name, value)} write the same file; expected two files`,
      );
    }
    writers.set(resolve(value), name);
  }
}

/** A flag with its line of help and the default of its schema. */
export function commanderOption(name: string, field: Field): Option {
  const { description = "", argument, repeatable } = factsOf(field);
  const byDefault = defaultText(field);
  if (innermost(field).def.type === "boolean") return new Option(flagOf(name), `${description}${byDefault}`);
  const option = withArgument(name, argument ?? argumentOf(field), description, byDefault);
  if (repeatable === true) option.argParser((text, before?: readonly string[]) => [...(before ?? []), text]);
  return option.makeOptionMandatory(!field.safeParse(undefined).success);
}

/** A long list of choices goes after the description, to keep the column of flags narrow. */
export function withArgument(name: string, argument: string, description: string, byDefault: string): Option {
  if (argument.startsWith("[")) return new Option(`${flagOf(name)} ${argument}`, `${description}${byDefault}`);
  if (argument.length <= 30) return new Option(`${flagOf(name)} <${argument}>`, `${description}${byDefault}`);
  return new Option(`${flagOf(name)} <name>`, `${description}: ${argument.replaceAll("|", ", ")}${byDefault}`);
}

function argumentOf(field: Field): string {
  const inner = innermost(field);
  const choices = choicesOf(inner);
  if (choices.length > 0) return choices.join("|");
  if (inner.def.type === "array") return "a,b,...";
  if (inner.def.type !== "number") return "value";
  return (inner as unknown as z.ZodNumber).isInt ? "n" : "x";
}

function defaultText(field: Field): string {
  const value = factsOf(field).defaultText ?? defaultOf(field);
  return value === undefined || value === false || String(value) === "" ? "" : ` (default: ${value})`;
}

function defaultOf({ def }: Field): unknown {
  return def.defaultValue ?? (def.innerType === undefined ? undefined : defaultOf(def.innerType));
}

/** Converts the text of a flag to numbers and lists where its schema has them. */
export function readText(field: Field, text: unknown): unknown {
  if (typeof text !== "string") return text;
  const inner = innermost(field);
  if (inner.def.type === "array") return text.split(",").map((item) => readText(inner.def.element as Field, item));
  const isNumber = text.trim() !== "" && !Number.isNaN(Number(text));
  return typesOf(field).includes("number") && isNumber ? Number(text) : text;
}
