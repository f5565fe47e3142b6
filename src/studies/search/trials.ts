// The trials of a search on disk: how far each is trained, and its score.
import { InputError } from "../../errors.js";
import { methodNamed } from "../../methods/index.js";
import { option } from "../../options/index.js";
import { isFinished, isRun, readMetrics, readRunRecipe } from "../../runs/run-folder.js";
import type { Settings, StudyRow } from "../expand.js";
import { checkedRecipe, type PlannedRun, planRuns, requireSameRecipe } from "../planned-runs.js";

/** One row of a search, with a run for each seed. */
export interface Trial {
  readonly row: StudyRow;
  readonly runs: readonly PlannedRun[];
  /** The full number of epochs. */
  readonly epochs: number;
}

/**
 * The trials of a search.
 * @throws InputError for a recipe that cannot be searched over, and a folder of another search.
 */
export function planTrials(rows: readonly StudyRow[], seeds: readonly number[], out: string): Trial[] {
  return rows.map((row) => {
    const runs = planRuns([row], seeds, out);
    const { objective, epochs } = checkedRecipe(runs[0]!);
    if (methodNamed(objective).family === "self-supervised") {
      throw new InputError(
        `${row.name}: a search compares accuracies on labels; received ${option("objective", objective)}, which trains without them`,
      );
    }
    for (const run of runs) requireSameRecipe(run, ["data", "epochs"]);
    return { row, runs, epochs };
  });
}

/** The trial's runs, to be trained to so many epochs. */
export function runsTo({ runs }: Trial, epochs: number): PlannedRun[] {
  return runs.map((run) => ({ ...run, recipe: { ...run.recipe, epochs } }));
}

/** Whether a run is trained to so many epochs: finished there, extended since, or ended before by its patience. */
export function hasReached({ folder }: PlannedRun, epochs: number): boolean {
  if (!isRun(folder)) return false;
  const { recipe } = readRunRecipe(folder);
  if (recipe.epochs > epochs) return true;
  return isFinished(folder) && (recipe.epochs === epochs || readMetrics(folder).length < recipe.epochs);
}

/**
 * The accuracy on the validation part, against the given labels, in the last evaluated of so many epochs; null for a run that did
 * not come so far.
 */
export function heldOutAccuracy(run: PlannedRun, epochs: number): number | null {
  if (!hasReached(run, epochs)) return null;
  const evaluated = readMetrics(run.folder).filter(
    ({ epoch, validationAccuracy }) => epoch < epochs && isNumber(validationAccuracy),
  );
  return evaluated.at(-1)?.validationAccuracy ?? null;
}

const isNumber = (value: unknown) => typeof value === "number";

/** The mean of the seeds; null where one failed. */
export function scoreOf({ runs }: Trial, epochs: number): number | null {
  const scores = runs.map((run) => heldOutAccuracy(run, epochs));
  return scores.some((score) => score === null)
    ? null
    : (scores as number[]).reduce((sum, score) => sum + score, 0) / scores.length;
}

/** The recipe of a trial, for `train`. */
export const recipeOfTrial = ({ runs }: Trial): Settings => runs[0]!.recipe;
