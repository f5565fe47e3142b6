// Where the time of a training step goes: by phase and by operator.
import type { DataSet } from "../../data/index.js";
import { methodNamed } from "../../methods/index.js";
import { type Prepared, prepare } from "../../runs/prepare.js";
import { parseRecipe, type RecipeInput } from "../../runs/recipe/schema.js";
import { type OperatorTime, operatorTimer, threads } from "../../torch/index.js";
import { initialProgress, runLoop } from "../loop.js";
import { evaluateTraining } from "../metrics/evaluation.js";
import { openSession, type Session } from "../session/session.js";
import { type PhaseName, phaseNames, phaseTimer } from "./phases.js";
import { timedSession } from "./timed-session.js";

export interface ProfileOptions {
  /** Steps that are timed (default: 20). */
  readonly steps?: number | undefined;
  /** Steps before them, which are not: the first ones allocate memory (default: 5). */
  readonly warmup?: number | undefined;
  /** Data in memory, in place of the recipe's `data`. */
  readonly dataSet?: DataSet | undefined;
}

export interface PhaseTime {
  readonly phase: PhaseName | "other";
  /** Of all timed steps. */
  readonly seconds: number;
  /** Of the time of all timed steps. */
  readonly fraction: number;
}

/** An operator in the timed steps; `fraction` is its own time in theirs. */
export interface ProfiledOperator extends OperatorTime {
  readonly fraction: number;
}

/** A pass in evaluation mode over training samples without augmentation. */
export interface EvaluationTime {
  readonly samples: number;
  readonly seconds: number;
  readonly imagesPerSecond: number;
}

export interface Profile {
  readonly model: string;
  readonly objective: string;
  readonly batchSize: number;
  readonly device: string;
  readonly precision: string;
  readonly kernels: string;
  readonly threads: number;
  /** Timed steps. */
  readonly steps: number;
  readonly warmup: number;
  readonly secondsPerStep: number;
  readonly imagesPerSecond: number;
  readonly phases: readonly PhaseTime[];
  /** The largest own time first. */
  readonly operators: readonly ProfiledOperator[];
  /** Null for training without labels, whose evaluation is `probe`. */
  readonly evaluation: EvaluationTime | null;
}

/**
 * Times the steps of a run by phase and by operator, and an evaluation of as many samples. Targets move from the first step. Nothing is written.
 *
 * ```ts
 * const { phases, operators, imagesPerSecond } = await profile({ data: "photos", model: "resnet18" });
 * ```
 * @throws InputError for whatever would stop the run at its start
 */
export async function profile(input: Partial<RecipeInput>, options: ProfileOptions = {}): Promise<Profile> {
  const { steps = 20, warmup = 5, dataSet } = options;
  const { patience: _, ...open } = parseRecipe(dataSet === undefined ? input : { data: "(in memory)", ...input });
  const count = steps + warmup;
  // Enough epochs of any length, none of which is evaluated.
  const prepared = await prepare({ ...open, epochs: count, evalEvery: 2 * count }, dataSet);
  using session = await openSession(prepared);
  const timed = await timeSteps(prepared, session, { steps, warmup });
  const { objective, model = "custom", batchSize, precision } = prepared.recipe;
  const { device, kernels } = session;
  const evaluation = await timeEvaluation(prepared, session, timed.steps * batchSize);
  return { model, objective, batchSize, device, precision, kernels, threads: threads(), warmup, ...timed, evaluation };
}

interface Steps {
  readonly steps: number;
  readonly warmup: number;
}

async function timeSteps(prepared: Prepared, session: Session, { steps, warmup }: Steps) {
  const [timer, operators, stop] = [phaseTimer(), operatorTimer(), new AbortController()];
  const seconds: number[] = [];
  let samples = 0;
  let done = 0;
  const timed = timedSession(session, timer, () => {
    if (done >= warmup) operators.resume();
  });
  try {
    await runLoop({
      prepared,
      session: timed,
      from: startOf(prepared, session),
      save: async () => {},
      signal: stop.signal,
      emit: (event) => {
        if (event.type !== "step") return;
        operators.pause();
        if (done++ < warmup) return void timer.take();
        seconds.push(event.seconds);
        samples += event.samples;
        if (seconds.length === steps) stop.abort();
      },
    });
  } finally {
    operators.pause();
  }
  const total = sum(seconds);
  return {
    steps: seconds.length,
    secondsPerStep: total / seconds.length,
    imagesPerSecond: samples / total,
    phases: phaseTimes(timer.take(), total),
    operators: operators.take().map((time) => ({ ...time, fraction: time.selfSeconds / total })),
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Where the loop begins: past the start of a method with targets, so that their update is timed. */
function startOf(prepared: Prepared, { objective, start }: Session) {
  const progress = initialProgress(prepared);
  if (objective.targets === undefined) return progress;
  start.epoch = 0;
  return { ...progress, startEpoch: 0 };
}

/** `other` is what is left: reading losses and predictions, clipping gradients, the per-sample history. */
function phaseTimes(seconds: Readonly<Record<PhaseName, number>>, total: number): PhaseTime[] {
  const known = phaseNames.map((phase) => ({ phase, seconds: seconds[phase] }));
  const other = { phase: "other" as const, seconds: Math.max(0, total - sum(Object.values(seconds))) };
  return [...known, other].map((time) => ({ ...time, fraction: time.seconds / total }));
}

async function timeEvaluation(prepared: Prepared, session: Session, samples: number): Promise<EvaluationTime | null> {
  const { recipe, trainIndices } = prepared;
  if (methodNamed(recipe.objective).family === "self-supervised") return null;
  const indices = trainIndices.slice(0, samples);
  await evaluateTraining(prepared, session, indices.slice(0, recipe.batchSize));
  const began = performance.now();
  const evaluated = await evaluateTraining(prepared, session, indices);
  const seconds = (performance.now() - began) / 1000;
  const { length } = evaluated.indices;
  return { samples: length, seconds, imagesPerSecond: length / seconds };
}
