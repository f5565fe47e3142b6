// What a study will cost, from a few steps of each of its networks.
import { type Recipe, type Rehearsal, readMetrics, rehearse } from "../training/index.js";
import { dataOfRun, type RunData, requireOneData } from "./one-data.js";
import { checkedRecipe, type PlannedRun } from "./planned-runs.js";

/** A forward pass takes about a third of a training step, whose backward pass takes two. */
const FORWARD_SHARE = 1 / 3;

/** Seconds of training and of looking at the test and validation parts. */
function secondsOf({ data, recipe, expectedSeconds }: Rehearsal): number {
  const judged = (data.test ?? 0) + data.validation;
  return expectedSeconds * (1 + (FORWARD_SHARE * judged) / (data.train * recipe.evalEvery));
}

/** What decides how long a run takes; runs that agree in it are rehearsed once. */
function costKey(recipe: Recipe): string {
  const { data, limitTrain, valFraction, imageSize, model, width, stem } = recipe;
  const { epochs, batchSize, accumulate, optimizer, evalEvery, precision, kernels } = recipe;
  const size = [data, limitTrain, valFraction, imageSize, model, width, stem];
  return JSON.stringify([...size, epochs, batchSize, accumulate, optimizer, evalEvery, precision, kernels]);
}

/**
 * The seconds that each run is expected to take by itself, from where it stands, in the order of the runs.
 * @throws InputError for whatever would stop one of them at its beginning, and for other data than the finished runs had.
 */
export async function estimateSeconds(
  runs: readonly PlannedRun[],
  finished: readonly PlannedRun[] = [],
): Promise<number[]> {
  const recipes = runs.map(checkedRecipe);
  const before = finished.map(dataOfRun);
  const known = new Map<string, number>();
  const seconds: number[] = [];
  for (const [i, run] of runs.entries()) {
    const recipe = recipes[i]!;
    const key = costKey(recipe);
    if (!known.has(key)) known.set(key, await rehearsedSeconds(run, recipe, before));
    seconds.push(known.get(key)! * (1 - readMetrics(run.folder).length / recipe.epochs));
  }
  return seconds;
}

async function rehearsedSeconds({ folder }: PlannedRun, recipe: Recipe, before: readonly RunData[]): Promise<number> {
  const rehearsal = await rehearse(recipe);
  requireOneData([...before, { data: recipe.data, folder, fingerprint: rehearsal.data.fingerprint }]);
  return secondsOf(rehearsal);
}

/**
 * The seconds left: the estimates of what is not finished, scaled by how far off those of finished runs were, over the
 * runs at a time.
 */
export function secondsLeft(runs: readonly { expected: number; took: number | null }[], jobs: number): number {
  const finished = runs.filter(({ took }) => took !== null);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const expected = sum(finished.map((run) => run.expected));
  const scale = expected === 0 ? 1 : sum(finished.map(({ took }) => took ?? 0)) / expected;
  return (scale * sum(runs.filter(({ took }) => took === null).map((run) => run.expected))) / jobs;
}
