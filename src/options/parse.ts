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
 * @throws InputError for the first option that is wrong: its name, the value received, what is expected.
 */
export function parseOptions<Schema extends OptionsSchema>(
  schema: Schema,
  given: object,
  received: object = given,
): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new InputError(firstProblem(parsed.error.issues[0] as z.core.$ZodIssue, schema, given, received));
}

function firstProblem(issue: z.core.$ZodIssue, schema: OptionsSchema, given: object, received: object) {
  if (issue.code === "unrecognized_keys") return unknownOption(String(issue.keys[0]), Object.keys(schema.shape));
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

function unknownOption(name: string, known: readonly string[]): string {
  const expected = known.length === 0 ? "expected none" : `expected one of ${known.join(", ")}`;
  return `unknown option ${option(name)}; ${expected}${didYouMean(name, known)}`;
}

/** A value as a message shows it. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
}
