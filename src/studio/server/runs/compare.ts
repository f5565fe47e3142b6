// What differs between the recipes of runs.
import type { z } from "zod";
import { readRunRecipe } from "../../../runs/run-folder.js";
import type { comparison } from "../../api.js";
import type { FoundRun } from "./find-runs.js";

/** The keys whose values are not the same in all recipes, as text; "" for a key that a recipe does not have. */
export function compareRuns(runs: readonly FoundRun[]): z.output<typeof comparison> {
  const recipes = runs.map(({ path }) => new Map(Object.entries(readRunRecipe(path).recipe)));
  const keys = [...new Set(recipes.flatMap((recipe) => [...recipe.keys()]))];
  const rows = keys.map((key) => ({ key, values: recipes.map((recipe) => textOf(recipe.get(key))) }));
  return { runs: runs.map(({ id }) => id), differences: rows.filter(({ values }) => new Set(values).size > 1) };
}

function textOf(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
