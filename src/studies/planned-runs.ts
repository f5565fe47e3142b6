// The runs of a study: folder, recipe and progress of each.

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse, stringify } from "yaml";
import { writeFileAtomic } from "../atomic-files.js";
import { InputError } from "../errors.js";
import { option } from "../options/index.js";
import { isFinished, parseRecipe, type Recipe, type RunSummary, readSummary } from "../runs/index.js";
import type { Settings, StudyRow } from "./expand.js";

/** One row with one seed. */
export interface PlannedRun {
  readonly row: StudyRow;
  readonly seed: number;
  readonly recipe: Settings;
  /** The run folder: `<out>/<row>/seed-<seed>`; its requested recipe is next to it, as `.yaml`. */
  readonly folder: string;
}

/** Row by row, a run for each of the given seeds (default: the row's). */
export function planRuns(rows: readonly StudyRow[], seeds: readonly number[] | undefined, out: string): PlannedRun[] {
  return rows.flatMap((row) =>
    (seeds ?? row.seeds).map((seed) => ({
      row,
      seed,
      recipe: { ...row.recipe, seed },
      folder: join(out, row.slug, `seed-${seed}`),
    })),
  );
}

/** Checks the recipe of a run. @throws InputError naming the row and what is wrong with its recipe. */
export function checkedRecipe({ row, recipe }: PlannedRun): Recipe {
  try {
    return parseRecipe(recipe);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${row.name}: ${error.message}`) : error;
  }
}

export const recipeFileOf = ({ folder }: PlannedRun) => `${folder}.yaml`;

export const isTrained = ({ folder }: PlannedRun) => isFinished(folder);

/** The final figures of a finished run. @throws InputError where they cannot be read. */
export const summaryOf = ({ folder }: PlannedRun): RunSummary => readSummary(folder);

/** Whether the run has started; it is then resumed. */
export const isBegun = ({ folder }: PlannedRun) => existsSync(join(folder, "recipe.yaml"));

/**
 * Refuses a folder whose run has another recipe. Where the data lies may change: a run checks for itself that the data
 * is what it began with.
 * @param free the keys that may differ
 * @throws InputError naming the key that differs.
 */
export function requireSameRecipe(run: PlannedRun, free: readonly string[] = ["data"]): void {
  const file = recipeFileOf(run);
  if (!existsSync(file) || !isBegun(run)) return;
  const before = parse(readFileSync(file, "utf8")) as Settings;
  const keys = [...new Set([...Object.keys(run.recipe), ...Object.keys(before)])];
  const other = keys.find((key) => !free.includes(key) && !isDeepStrictEqual(run.recipe[key], before[key]));
  if (other === undefined) return;
  const [was, is] = [before[other], run.recipe[other]].map((value) => (value === undefined ? "none" : String(value)));
  throw new InputError(
    `${run.folder} holds a run with ${other} ${was}; received ${other} ${is}: choose another ${option("out")}`,
  );
}

/** Writes the recipe for `train` next to the run folder. */
export function writeRecipe(run: PlannedRun): void {
  mkdirSync(dirname(run.folder), { recursive: true });
  writeFileAtomic(recipeFileOf(run), stringify(run.recipe, { lineWidth: 0 }));
}
