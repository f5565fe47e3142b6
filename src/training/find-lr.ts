// The learning rate range test: the rate rises with every step until the loss diverges.
import type { DataSet } from "../data/index.js";
import { prepare } from "../runs/prepare.js";
import type { Recipe } from "../runs/recipe/schema.js";
import { DivergedError } from "./finite.js";
import { initialProgress, runLoop } from "./loop.js";
import { openSession } from "./session/session.js";

/** The loss at a rate: of one step, and averaged over the steps so far. */
export interface RatePoint {
  readonly lr: number;
  readonly loss: number;
  readonly smoothed: number;
}

export interface FoundRate {
  /** Where the averaged loss falls fastest; null where it never falls. */
  readonly suggested: number | null;
  /** Where it is lowest. */
  readonly lowest: number;
  readonly points: readonly RatePoint[];
}

const [first, last, steps] = [1e-6, 10, 100];
/** The fraction of the average that a step leaves. */
const decay = 0.9;
/** A loss so many times as large as the lowest has diverged. */
const diverged = 4;

/**
 * Trains by a recipe with lr_k = 1e-6 * 10^(7 k / 99) in step k, for 100 steps or until the averaged loss is four times its lowest. Nothing is
 * written.
 * @throws InputError for whatever would stop the run at its start
 * @see Smith 2015 (arXiv 1506.01186)
 */
export async function findLearningRate(recipe: Recipe, dataSet?: DataSet): Promise<FoundRate> {
  const { patience: _, ...open } = recipe;
  // Enough epochs of any length, none of which is evaluated.
  const prepared = await prepare({ ...open, epochs: steps, evalEvery: 2 * steps }, dataSet);
  using session = await openSession(prepared);
  const points: RatePoint[] = [];
  const stop = new AbortController();
  const loop = runLoop({
    prepared,
    session,
    from: initialProgress(prepared),
    save: async () => {},
    signal: stop.signal,
    learningRate: () => rateOf(points.length),
    emit: (event) => {
      if (event.type !== "step") return;
      const point = nextPoint(points, event.loss);
      points.push(point);
      const lowest = Math.min(...points.map(({ smoothed }) => smoothed));
      if (points.length === steps || point.smoothed > diverged * lowest) stop.abort();
    },
  });
  await loop.catch((error: unknown) => {
    // A loss that is not finite ends the test as one that has diverged; before that it is an error.
    if (!(error instanceof DivergedError) || points.length < 10) throw error;
  });
  return { ...suggestRate(points), points };
}

const rateOf = (step: number) => first * (last / first) ** (step / (steps - 1));

/** The point after these: a_n = 0.9 a_{n-1} + 0.1 loss from a_0 = 0, smoothed as a_n / (1 - 0.9^n). */
export function nextPoint(points: readonly RatePoint[], loss: number): RatePoint {
  const before = points.length;
  const average = decay * (points.at(-1)?.smoothed ?? 0) * (1 - decay ** before) + (1 - decay) * loss;
  return { lr: rateOf(before), loss, smoothed: average / (1 - decay ** (before + 1)) };
}

/** The descent is measured over so many steps; the first ones, whose average is of few losses, are left out. */
const span = 10;

/** The rates in the middle of the steepest descent before the lowest loss, and of that loss. */
export function suggestRate(points: readonly RatePoint[]): Omit<FoundRate, "points"> {
  const losses = points.map(({ smoothed }) => smoothed);
  const lowest = losses.indexOf(Math.min(...losses));
  let [steepest, suggested]: [number, number | null] = [0, null];
  for (let i = 2 * span; i <= lowest; i++) {
    const slope = losses[i]! - losses[i - span]!;
    if (slope >= steepest) continue;
    [steepest, suggested] = [slope, points[i - span / 2]!.lr];
  }
  return { suggested, lowest: points[lowest]!.lr };
}
