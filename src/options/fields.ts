// The kinds of values that options have, and what is known of an option from its schema.
import { z } from "zod";

/** The metadata of an option's schema, for the command line and for messages. */
export interface OptionFacts {
  /** One line of help. */
  readonly description?: string;
  /** The placeholder of the value in help: `<path>`. In brackets where the value may be left out. */
  readonly argument?: string;
  /** The default in words, where it depends on other things. */
  readonly defaultText?: string;
  /** What a value must be, in words, where the type does not say it. */
  readonly expected?: string;
  /** Whether the flag may be given several times, each adding a value to a list. */
  readonly repeatable?: boolean;
  /** Whether the value names a file that the command writes. */
  readonly written?: boolean;
}

export const count = (least = 1, most?: number) => {
  const schema = z.int().min(least);
  return most === undefined ? schema : schema.max(most);
};
export const positive = () => z.number().positive();
export const nonNegative = () => z.number().min(0);
/** A fraction from 0 to 1. */
export const fraction = () => {
  const params: ErrorParams = { error: ({ input }) => `expected a number from 0 to 1${percentHint(input)}` };
  return z.number(params).min(0, params).max(1, params);
};
/** A fraction above 0 and at most 1. */
export const fractionToOne = () => properFraction("at most 1", (schema, params) => schema.lte(1, params));
/** A fraction above 0 and below 1. */
export const fractionBelowOne = () => properFraction("below 1", (schema, params) => schema.lt(1, params));

type ErrorParams = { readonly error: (issue: { readonly input?: unknown }) => string };

function properFraction(most: string, limit: (schema: z.ZodNumber, params: ErrorParams) => z.ZodNumber) {
  const expected = `a fraction above 0 and ${most}`;
  const params: ErrorParams = { error: ({ input }) => `expected ${expected}${percentHint(input)}` };
  return limit(z.number(params).gt(0, params), params).meta({ argument: "fraction", expected });
}

/** Values of 2 and more are probably percentages. */
const percentHint = (given: unknown) =>
  typeof given === "number" && given >= 2 && given < 100
    ? `; did you mean ${Number((given / 100).toPrecision(12))}?`
    : "";

/** A file, a folder, or a name of either: anything but empty. */
export const path = (argument = "path") =>
  z
    .string()
    .min(1)
    .meta({ argument, expected: `a ${argument}` });

/** A number, or a fraction such as 8/255. */
export const ratio = (schema: z.ZodNumber) =>
  z
    .union([z.number(), z.string()])
    .transform((given) => (typeof given === "string" ? divided(given) : given))
    .pipe(schema)
    .meta({ argument: "x", expected: `${describeNumber(schema)}, or a fraction such as 8/255` });

function divided(text: string): number {
  const parts = text.split("/").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const [above = Number.NaN, below = 1] = parts;
  return parts.length > 2 ? Number.NaN : above / below;
}

type Definition = z.core.$ZodTypeDef & {
  readonly innerType?: Field;
  readonly in?: Field;
  readonly element?: Field;
  readonly options?: readonly Field[];
  readonly entries?: Readonly<Record<string, string>>;
  readonly values?: readonly unknown[];
  readonly defaultValue?: unknown;
  readonly checks?: readonly { readonly _zod: { readonly def: object } }[];
};

/** One option's schema, with the parts of its definition that are looked at. */
export type Field = z.ZodType & { readonly def: Definition };

/** The facts of a schema, those of its outer layers (`optional`, `default`) over those of the inner ones. */
export function factsOf(field: Field): OptionFacts {
  const inner = field.def.innerType ?? field.def.in;
  return { ...(inner === undefined ? {} : factsOf(inner)), ...(field.meta() as OptionFacts | undefined) };
}

/** The schema of the values that are given, inside `optional`, `default` and `transform`. */
export function innermost(field: Field): Field {
  const inner = field.def.innerType ?? field.def.in;
  return inner === undefined ? field : innermost(inner);
}

/** The types of the values that may be given: "number", "string", "boolean", "literal", "enum", "array". */
export function typesOf(field: Field): readonly string[] {
  const inner = innermost(field);
  return inner.def.type === "union" ? (inner.def.options ?? []).flatMap(typesOf) : [inner.def.type];
}

/** The names that an enumeration accepts; none for other types. */
export const choicesOf = (field: Field): readonly string[] => Object.values(innermost(field).def.entries ?? {});

/** What a value must be, in words: "a whole number from 1 to 64", "last or best". */
export function expectedOf(field: Field): string {
  const { expected } = factsOf(field);
  const inner = innermost(field);
  if (expected !== undefined) return expected;
  if (inner.def.type === "array") return `${expectedOf(inner.def.element as Field)}, or a comma-separated list`;
  if (inner.def.type === "enum") return alternatives(choicesOf(inner));
  if (inner.def.type === "union") return alternatives((inner.def.options ?? []).map(expectedOf));
  if (inner.def.type === "literal") return alternatives((inner.def.values ?? []).map(String));
  if (inner.def.type === "number") return describeNumber(inner as unknown as z.ZodNumber);
  return inner.def.type === "string" ? "text" : "true or false";
}

function alternatives(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

interface Bound {
  readonly check: "greater_than" | "less_than";
  readonly value: number;
  readonly inclusive: boolean;
}

/** "a whole number of at least 1", "a number above 0 and at most 1". */
function describeNumber(schema: z.ZodNumber): string {
  const noun = schema.isInt ? "a whole number" : "a number";
  const checks = (schema as unknown as Field).def.checks ?? [];
  const bounds = checks.map(({ _zod }) => _zod.def as Bound);
  const least = bounds.find(({ check }) => check === "greater_than");
  const most = bounds.find(({ check }) => check === "less_than");
  if (least?.inclusive && most?.inclusive) return `${noun} from ${least.value} to ${most.value}`;
  const words = [
    least && `${least.inclusive ? "of at least" : "above"} ${least.value}`,
    most && `${most.inclusive ? "at most" : "below"} ${most.value}`,
  ].filter((text) => text !== undefined);
  return [noun, words.join(" and ")].filter(Boolean).join(" ");
}
