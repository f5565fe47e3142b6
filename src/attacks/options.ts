// The options of attacks: schemas that several attacks share, and the check of what is given.
import { z } from "zod";
import { InputError } from "../errors.js";
import { option } from "../options/index.js";
import type { Ball } from "./types.js";

export const count = () => z.int({ error: "expected a whole number of at least 1" }).min(1);
export const weight = () => z.number({ error: "expected a finite number of at least 0" }).min(0);
export const fraction = () => z.number({ error: "expected a number from 0 to 1" }).min(0).max(1);

/** Of attacks that search more than once. */
export const restarts = (number: number) =>
  count().default(number).describe("random restarts on the samples still classified correctly");

/** Of attacks that take steps of a given length. */
export const stepSize = (length: number) => weight().default(length).describe("length of a step, in the ball's norm");

const ballSchema = z.strictObject({
  norm: z.literal(["inf", "2"]),
  epsilon: weight(),
});

/** @throws InputError unless the norm is known and the radius is finite and 0 or more. */
export const parseBall = (ball: Ball): Ball => parseOptions(ballSchema, ball);

/** The options with their defaults. @throws InputError naming the first that is unknown or out of range. */
export function parseOptions<Schema extends z.ZodObject>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0] as z.core.$ZodIssue;
  if (issue.code === "unrecognized_keys") {
    throw new InputError(
      `unknown option ${option(String(issue.keys[0]))}; expected one of ${Object.keys(schema.shape).join(", ")}`,
    );
  }
  const received = issue.path.reduce((value, key) => (value as Record<PropertyKey, unknown>)[key], given);
  throw new InputError(`${option(issue.path.join("."))}: received ${showValue(received)}; ${expectation(issue)}`);
}

const showValue = (value: unknown) => (typeof value === "string" ? JSON.stringify(value) : String(value));

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value") return `expected ${issue.values.map(String).join(" or ")}`;
  return issue.message;
}
