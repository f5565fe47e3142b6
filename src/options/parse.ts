// Checks options against their schema, and fills in the defaults.
import type { z } from "zod";
import { didYouMean, InputError } from "../errors.js";
import { choicesOf, expectedOf, type Field, innermost } from "./fields.js";
import { option } from "./names.js";

/** An object's options: a Zod schema for each name. */
export type OptionsSchema = z.ZodObject<z.core.$ZodLooseShape>;

/**
 * The options with their defaults; names that the schema does not have are left out, or refused by a strict schema.
 * @param received what the user typed for each, where that was text
 * @param owner the network or attack that has these options, for the message about an unknown one
 * @throws InputError for the first option that is wrong: its name, the value received, what is expected.
 */
export function parseOptions<Schema extends OptionsSchema>(
  schema: Schema,
  given: object,
  { received = given, owner = null }: { readonly received?: object; readonly owner?: string | null } = {},
): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0] as z.core.$ZodIssue;
  if (issue.code === "unrecognized_keys") {
    throw new InputError(unknownOption(String(issue.keys[0]), given, Object.keys(schema.shape), owner));
  }
  throw new InputError(firstProblem(issue, schema, given, received));
}

function firstProblem(issue: z.core.$ZodIssue, schema: OptionsSchema, given: object, received: object) {
  const { path, message } = issue;
  const [name, item] = path;
  const field = schema.shape[name as string] as unknown as Field;
  const values = (item === undefined ? received : given) as Record<PropertyKey, unknown>;
  const whole = values[name as string];
  const value = item === undefined ? whole : (whole as unknown[])[item as number];
  const choices = choicesOf(item === undefined ? field : (innermost(field).def.element as Field));
  const near = typeof value === "string" ? didYouMean(value, choices) : "";
  const expected = message.startsWith("expected ") ? message : `expected ${expectedOf(field)}`;
  return `${option(String(name))}: received ${describeValue(value)}; ${expected}${near}`;
}

function unknownOption(name: string, given: object, known: readonly string[], owner: string | null): string {
  const subject = owner === null ? option(name) : `${option(name)} of ${owner}`;
  const value = describeValue((given as Record<string, unknown>)[name]);
  const expected =
    known.length === 0 ? "expected no options" : `expected one of ${known.map((one) => option(one)).join(", ")}`;
  return `unknown option ${subject}: received ${value}; ${expected}${didYouMean(name, known)}`;
}

/** A value as a message shows it. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
}
