// The form of a new run: every recipe key as JSON schema.
import { z } from "zod";
import { type Method, methods } from "../../../methods/index.js";
import { modelNames } from "../../../models/index.js";
import { objectivesOf } from "../../../runs/methods-of-commands.js";
import { recipeGroups } from "../../../runs/recipe/schema.js";
import type { recipeForm } from "../../api.js";

/** The groups of every run, and one for each method that has options, with its name. */
export function readRecipeForm(): z.output<typeof recipeForm> {
  const common = recipeGroups().map(({ title, shape }) => ({ title, objective: null, schema: schemaOf(shape) }));
  return { pretrains: [...objectivesOf("pretrain")], groups: [...common, ...methods().flatMap(groupOf)] };
}

function groupOf({ name, title, options }: Method) {
  if (name === "custom" || Object.keys(options).length === 0) return [];
  return [{ title: `Options of ${title}`, objective: name, schema: schemaOf(options) }];
}

function schemaOf(shape: z.ZodRawShape): Record<string, unknown> {
  const schema = z.toJSONSchema(z.object(shape), { io: "input", unrepresentable: "any" });
  const properties = schema.properties as Record<string, Record<string, unknown>> | undefined;
  if (properties?.objective) properties.objective.enum = methods().map(({ name }) => name);
  if (properties?.model) properties.model.examples = [...modelNames];
  return schema as Record<string, unknown>;
}
