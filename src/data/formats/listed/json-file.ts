// JSON files of other programs.
import type { z } from "zod";
import { InputError } from "../../../errors.js";
import { readBytes } from "../../files.js";

/** What a JSON file holds; undefined where it cannot be read as JSON. */
export async function jsonIn(path: string): Promise<unknown> {
  try {
    return JSON.parse((await readBytes(path)).toString("utf8").replace(/^\ufeff/, ""));
  } catch {
    return undefined;
  }
}

/** A value of the expected kind. Throws `InputError` naming the first place that is of another. */
export function expectKind<Schema extends z.ZodType>(where: string, schema: Schema, value: unknown): z.output<Schema> {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data as z.output<Schema>;
  const [issue] = error.issues;
  const place = issue?.path.length ? `${issue.path.join(".")}: ` : "";
  throw new InputError(`${where}: ${place}${(issue?.message ?? "").replace(/^Invalid input: /, "")}`);
}
