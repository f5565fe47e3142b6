// What a request carries, checked by its schema.
import type { z } from "zod";
import { InputError } from "../../errors.js";
import { type OptionsSchema, parseOptions } from "../../options/index.js";
import { RequestError } from "../../serving/index.js";

/** A query or a body. @throws RequestError with status 400: what is wrong, the value received, what is expected. */
export function parsed<Schema extends OptionsSchema>(schema: Schema, given: unknown): z.output<Schema> {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new RequestError(400, "the body must be a JSON object");
  }
  try {
    return parseOptions(schema, given);
  } catch (error) {
    if (error instanceof InputError) throw new RequestError(400, error.message);
    throw error;
  }
}
