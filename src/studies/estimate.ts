// What a study will cost, from a few steps of each of its networks.
import { methodNamed, optionsOf, type TrainingAttack } from "../methods/index.js";
import { type Recipe, readMetrics } from "../runs/index.js";
import { prepare } from "../runs/prepare.js";
import { type DryRun, dryRun } from "../training/index.js";
import { openSession } from "../training/session/session.js";
import { dataOfRun, type RunData, requireOneData } from "./one-data.js";
import { checkedRecipe, isBegun, type PlannedRun } from "./planned-runs.js";

/** A forward pass takes about a third of a training step, whose backward pass takes two. */
const FORWARD_COST = 1 / 3;

/** Of the attack on test images, each forward and back. */
const ROBUST_STEPS = 20;

/** The attack that a recipe trains against. */
function attackOf(recipe: Recipe): TrainingAttack | null {
  const method = methodNamed(recipe.objective);
  return method.attack?.(optionsOf(method, recipe)) ?? null;
}

/** How often a training step goes through the network forward and back. */
const passesOf = (recipe: Recipe) => (attackOf(recipe)?.steps ?? -1) + 2;

/** Seconds of training and of evaluating the test and validation parts. */
function secondsOf({ data, recipe, expectedSeconds }: DryRun): number {
  const evaluated = (data.test ?? 0) + data.validation;
  const attacked = Math.min(attackOf(recipe)?.evaluationSamples ?? 0, data.test ?? 0);
  const passes = FORWARD_COST * evaluated + ROBUST_STEPS * attacked;
  return expectedSeconds * (1 + passes / (passesOf(recipe) * data.train * recipe.evalEvery));
}

/** What decides how long a run takes; runs that agree in it have one dry run. */
function costKey(recipe: Recipe): string {
  const { data, limitTrain, testFraction, valFraction, imageSize, model, width, stem } = recipe;
  const { epochs, batchSize, accumulate, optimizer, evalEvery, trackDynamics, precision, kernels, device } = recipe;
  const { objective, augment, sampling, emaDecay, freeze, gradientCheckpointing } = recipe;
  const size = [data, limitTrain, testFraction, valFraction, imageSize, model, width, stem];
  const work = [epochs, batchSize, accumulate, optimizer, evalEvery, trackDynamics, precision, kernels, device];
  const step = [objective, augment, sampling, emaDecay, freeze, gradientCheckpointing];
  const { steps = 0, evaluationSamples = 0 } = attackOf(recipe) ?? {};
  return JSON.stringify([...size, ...work, ...step, steps, evaluationSamples]);
}

/** What else can stop a run at its beginning; runs that agree in it as well are tried once. */
function beginningKey(recipe: Recipe): string {
  const { format, strict, noise, labels, weights, dropPath } = recipe;
  const { momentum, nesterov, schedule, milestones, patience, rotation, cropPadding, mean, std } = recipe;
  const options = optionsOf(methodNamed(recipe.objective), recipe);
  const given = [format, strict, noise, labels, weights, dropPath, options];
  const images = [rotation, cropPadding, mean, std];
  const course = [momentum, nesterov, schedule, milestones, patience];
  return JSON.stringify([costKey(recipe), ...given, ...images, ...course]);
}

/**
 * The seconds that each run is expected to take by itself, from its current progress, in the order of the runs.
 * @throws InputError as `estimateFullSeconds`.
 */
export async function estimateSeconds(
  runs: readonly PlannedRun[],
  finished: readonly PlannedRun[] = [],
): Promise<number[]> {
  const full = await estimateFullSeconds(runs, finished);
  return runs.map((run, i) => full[i]! * (1 - readMetrics(run.folder).length / checkedRecipe(run).epochs));
}

/**
 * The seconds that each run is expected to take by itself from its beginning, in the order of the runs.
 * @throws InputError for whatever would stop one of them at its beginning, and for other data than the finished runs had.
 */
export async function estimateFullSeconds(
  runs: readonly PlannedRun[],
  finished: readonly PlannedRun[] = [],
): Promise<number[]> {
  const recipes = runs.map(checkedRecipe);
  const before = finished.map(dataOfRun);
  const known = new Map<string, number>();
  const tried = new Set<string>();
  const seconds: number[] = [];
  for (const [i, run] of runs.entries()) {
    const recipe = recipes[i]!;
    const key = costKey(recipe);
    const beginning = beginningKey(recipe);
    const isNew = !isBegun(run) && !tried.has(beginning);
    if (!known.has(key)) known.set(key, await dryRunSeconds(run, recipe, before));
    else if (isNew) await tryBeginning(run, recipe, before);
    if (isNew) tried.add(beginning);
    seconds.push(known.get(key)!);
  }
  return seconds;
}

async function dryRunSeconds({ folder }: PlannedRun, recipe: Recipe, before: readonly RunData[]): Promise<number> {
  const plan = await dryRun(recipe);
  requireOneData([...before, { data: recipe.data, folder, fingerprint: plan.data.fingerprint }]);
  return secondsOf(plan);
}

/** Sets up a run without training: with CIFAR-10 in a quarter of the time of a dry run. */
async function tryBeginning({ folder }: PlannedRun, recipe: Recipe, before: readonly RunData[]): Promise<void> {
  const prepared = await prepare(recipe);
  requireOneData([...before, { data: recipe.data, folder, fingerprint: prepared.fingerprint }]);
  (await openSession(prepared))[Symbol.dispose]();
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The seconds until all of several runs have ended, so many at a time: no less than the longest takes. */
export function secondsOfAll(seconds: readonly number[], jobs: number): number {
  return Math.max(0, ...seconds, sum(seconds) / Math.max(1, Math.min(jobs, seconds.length)));
}

/**
 * The seconds left: the estimates of what is not finished, scaled by how far off those of finished runs were, for so many
 * runs at a time.
 */
export function secondsLeft(runs: readonly { expected: number; took: number | null }[], jobs: number): number {
  const finished = runs.filter(({ took }) => took !== null);
  const expected = sum(finished.map((run) => run.expected));
  const scale = expected === 0 ? 1 : sum(finished.map(({ took }) => took ?? 0)) / expected;
  const left = runs.filter(({ took }) => took === null).map((run) => scale * run.expected);
  return secondsOfAll(left, jobs);
}
