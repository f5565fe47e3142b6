// Options whose defaults are only described, for commands that tell given values from defaults.
import type { z } from "zod";
import { type Field, factsOf } from "./fields.js";

type WithoutDefault<Schema> =
  Schema extends z.ZodDefault<infer Inner extends z.ZodType> ? z.ZodOptional<Inner> : Schema;

export type WithoutDefaults<Shape extends z.ZodRawShape> = { [Name in keyof Shape]: WithoutDefault<Shape[Name]> };

/**
 * The same options, undefined when they are not given; help still has their defaults.
 * @example withoutDefaults({ steps: count().default(20) }).steps // optional, "(default: 20)"
 */
export function withoutDefaults<Shape extends z.ZodRawShape>(shape: Shape): WithoutDefaults<Shape> {
  const entries = Object.entries(shape).map(([name, field]) => [name, withoutDefault(field as unknown as Field)]);
  return Object.fromEntries(entries) as WithoutDefaults<Shape>;
}

function withoutDefault(field: Field): Field {
  if (field.def.type !== "default") return field;
  const { defaultValue } = field.def;
  const facts = factsOf(field);
  const described = { ...(defaultValue !== null && defaultValue !== false && { defaultText: String(defaultValue) }) };
  return (field.def.innerType as Field).optional().meta({ ...described, ...facts }) as unknown as Field;
}
