// The fields of the form of a new run, from the JSON schema of the recipe.
import type { RecipeForm } from "../../api.js";

/** A `value` is a number where it reads as one: `auto` or 12. */
export type FieldKind = "text" | "number" | "value" | "boolean" | "choice" | "list";

export interface Field {
  readonly key: string;
  readonly kind: FieldKind;
  readonly description: string;
  readonly isRequired: boolean;
  /** What holds without a value; empty where it depends on others. */
  readonly default: string;
  /** The values of a choice, or suggestions for a text. */
  readonly options: readonly string[];
}

export interface FieldGroup {
  readonly title: string;
  /** The method that the group belongs to; null for all. */
  readonly objective: string | null;
  readonly fields: readonly Field[];
}

/** What the form holds: texts by key; empty is not given. */
export type Values = Readonly<Record<string, string>>;

interface Property {
  readonly type?: unknown;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly description?: string;
  readonly default?: unknown;
  readonly defaultText?: string;
}

export function fieldGroups(form: RecipeForm): readonly FieldGroup[] {
  return form.groups.map(({ title, objective, schema }) => {
    const required = new Set(Array.isArray(schema.required) ? schema.required : []);
    const properties = Object.entries((schema.properties ?? {}) as Record<string, Property>);
    return { title, objective, fields: properties.map(([key, property]) => fieldOf(key, property, required.has(key))) };
  });
}

function fieldOf(key: string, property: Property, required: boolean): Field {
  const { description = "", enum: choices, examples = [], default: value, defaultText = "" } = property;
  return {
    ...{ key, description, kind: kindOf(property) },
    isRequired: required && value === undefined,
    default: value === undefined ? defaultText : textOf(value),
    options: (choices ?? examples).map(String),
  };
}

function kindOf({ type, enum: choices }: Property): FieldKind {
  if (choices) return "choice";
  if (type === "boolean") return "boolean";
  if (type === "number" || type === "integer") return "number";
  if (type === "string") return "text";
  return type === "array" ? "list" : "value";
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The recipe that the filled fields make; those of other methods are left out. */
export function recipeOf(groups: readonly FieldGroup[], values: Values): Record<string, unknown> {
  const fields = shownGroups(groups, values).flatMap((group) => group.fields);
  const filled = fields.filter(({ key }) => (values[key] ?? "") !== "");
  return Object.fromEntries(filled.map((field) => [field.key, parsed(field, values[field.key] as string)]));
}

/** The groups of every run and those of the chosen method. */
export function shownGroups(groups: readonly FieldGroup[], values: Values): readonly FieldGroup[] {
  const chosen = values.objective || defaultOf(groups, "objective");
  return groups.filter(({ objective }) => objective === null || objective === chosen);
}

function defaultOf(groups: readonly FieldGroup[], name: string): string {
  return groups.flatMap(({ fields }) => fields).find(({ key }) => key === name)?.default ?? "";
}

function parsed({ kind }: Field, text: string): unknown {
  if (kind === "boolean") return text === "true";
  if (kind === "list") return text.split(",").map((part) => scalar(part.trim()));
  return kind === "choice" || kind === "text" ? text : scalar(text);
}

/** A number where the text is one: `auto` or 12. */
function scalar(text: string): string | number {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** The values of another run's recipe, for the fields that the form has. */
export function valuesOf(groups: readonly FieldGroup[], recipe: Readonly<Record<string, unknown>>): Values {
  const keys = new Set(groups.flatMap(({ fields }) => fields.map(({ key }) => key)));
  const known = Object.entries(recipe).filter(([key, value]) => keys.has(key) && value !== null && value !== undefined);
  return Object.fromEntries(known.map(([key, value]) => [key, textOf(value)]));
}
