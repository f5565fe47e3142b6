// A dry run: sets up the run and times a few steps; nothing is written.
import { type DataSet, type DataSummary, summarizeParts } from "../data/index.js";
import { type ModelSummary, summarize } from "../models/index.js";
import { prepare } from "../runs/prepare.js";
import type { ResolvedRecipe } from "../runs/recipe/resolve.js";
import type { Recipe } from "../runs/recipe/schema.js";
import { initialProgress, runLoop } from "./loop.js";
import { openSession } from "./session/session.js";

export interface DryRun {
  readonly recipe: ResolvedRecipe;
  readonly data: {
    readonly format: string;
    readonly classes: readonly string[];
    readonly shape: readonly number[];
    readonly train: number;
    readonly validation: number;
    readonly test: number | null;
    /** Labels that the injected noise changes. */
    readonly noisy: number;
    /** Images that the injected noise replaces. */
    readonly corruptedImages: number;
    readonly fingerprint: string;
    /** The parts of the data and their classes. */
    readonly summary: DataSummary;
    readonly notes: readonly string[];
  };
  readonly model: ModelSummary;
  readonly device: string;
  readonly precision: string;
  readonly kernels: string;
  /** Estimated from the median step, without evaluation. */
  readonly expectedSeconds: number;
}

/** The first steps are slower: as many are timed as fit in a second, at least 4. */
const enough = (seconds: readonly number[], stepsPerEpoch: number) =>
  seconds.length >= 4 &&
  (seconds.length >= Math.min(12, stepsPerEpoch - 1) || seconds.reduce((sum, step) => sum + step, 0) > 1);

/** @throws InputError for whatever would stop the run at its start. */
export async function dryRun(recipe: Recipe, dataSet?: DataSet): Promise<DryRun> {
  const prepared = await prepare(recipe, dataSet);
  using session = await openSession(prepared);
  const seconds: number[] = [];
  let stepsPerEpoch = 1;
  const stop = new AbortController();
  await runLoop({
    prepared,
    session,
    from: initialProgress(prepared),
    save: async () => {},
    signal: stop.signal,
    emit: (event) => {
      if (event.type === "start") stepsPerEpoch = event.stepsPerEpoch;
      if (event.type === "step") seconds.push(event.seconds);
      if (enough(seconds, stepsPerEpoch)) stop.abort();
    },
  });
  const typical = seconds.sort((a, b) => a - b)[Math.floor((seconds.length - 1) / 2)] ?? 0;
  return {
    recipe: prepared.recipe,
    data: {
      format: prepared.format,
      classes: prepared.classes,
      shape: prepared.train.shape,
      train: prepared.trainIndices.length,
      validation: prepared.validationIndices.length,
      test: prepared.test?.labels.length ?? null,
      noisy: prepared.noise.length / 2,
      corruptedImages: prepared.corruptedImages.length,
      fingerprint: prepared.fingerprint,
      summary: summarizeParts(prepared),
      notes: prepared.notes,
    },
    model: summarize(session.network, [1, ...prepared.train.shape]),
    device: session.device,
    precision: prepared.recipe.precision,
    kernels: session.kernels,
    expectedSeconds: typical * stepsPerEpoch * recipe.epochs,
  };
}
