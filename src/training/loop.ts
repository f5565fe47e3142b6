// The training loop.
import { setImmediate } from "node:timers/promises";
import { batchBounds, type LoadedBatch, oversample, randomFrom, summarizeParts } from "../data/index.js";
import { InputError } from "../errors.js";
import { takeStep } from "../objectives/index.js";
import type { EpochHistory } from "../runs/files/sample-history.js";
import type { Prepared } from "../runs/prepare.js";
import type { Progress } from "../runs/progress.js";
import { manualSeed, optim, scope } from "../torch/index.js";
import { endEpoch } from "./end-epoch.js";
import type { TrainingListener } from "./events.js";
import { requireFinite, requireFiniteWeights } from "./finite.js";
import { detectCollapse } from "./hooks/collapse.js";
import { isOver, stoppedEarly } from "./hooks/early-stopping.js";
import { detectStart } from "./hooks/start-detection.js";
import { stepSums } from "./parallel/step-sums.js";
import { formTeam } from "./parallel/team.js";
import { runningEpoch } from "./running-epoch.js";
import { createLearningRate, type LearningRate } from "./schedule.js";
import { trainedParameters } from "./session/optimizer.js";
import type { Session } from "./session/session.js";
import { splitForDetection, undetectedStart } from "./start/given-start.js";

export interface LoopOptions {
  readonly prepared: Prepared;
  readonly session: Session;
  /** The starting point: `initialProgress(prepared)`, or that of a checkpoint. */
  readonly from: Progress;
  /** The per-sample history so far, if `from` is in the middle of an epoch. */
  readonly unfinished?: EpochHistory | null;
  readonly emit: TrainingListener;
  /** Saves the session at this point, with the history of an unfinished epoch; `best` where the epoch is the best so far. */
  readonly save: (progress: Progress, best: boolean, history: EpochHistory | null) => Promise<void>;
  /** Stops the loop after the current step. */
  readonly signal?: AbortSignal | undefined;
  /** The rate of a step (default: by the recipe's schedule). */
  readonly learningRate?: LearningRate | undefined;
  /** Whether to save now, called after every step. */
  readonly saveNow?: (() => boolean) | undefined;
}

/** Where the loop ended, and whether training is finished. */
export interface LoopResult {
  readonly progress: Progress;
  readonly finished: boolean;
}

export function initialProgress(prepared: Prepared): Progress {
  const nothing = { totals: null, best: null, detectionEpochs: [], collapsing: 0 };
  const startEpoch = undetectedStart(prepared);
  return { epoch: 0, step: 0, seed: prepared.recipe.seed, ...nothing, startEpoch, samples: 0, seconds: 0 };
}

/**
 * Trains to the recipe's last epoch, or until early stopping or the signal ends it. It yields to the event loop after
 * every step. All random draws are keyed by (seed, epoch, sample or step), so a run that is saved after any step and
 * resumed from there computes the same numbers.
 * @throws Error when the loss or the weights are not finite, naming epoch and step; nothing is saved after that step.
 */
export async function runLoop({ prepared, session, from, emit, save, ...options }: LoopOptions): Promise<LoopResult> {
  const { recipe, trainIndices } = prepared;
  const { model, average, forward, backward, objective, optimizer, trainingSource, compute, device } = session;
  const { epochs, batchSize, seed, accumulate, clipGradNorm } = recipe;
  const { terms = 1 } = objective;
  const parameters = trainedParameters(model);
  const team = formTeam(session.group, prepared, session);
  const isAlone = team.group.world === 1;
  // A batch in one part needs no sum of its weights.
  const isWhole = isAlone && accumulate === 1;
  const split = splitForDetection(prepared);
  const hooks = [detectCollapse, ...(split === null ? [] : [detectStart(split, session)])];
  const sampled = (indices: Int32Array, epoch: number) =>
    recipe.sampling === "balanced" ? oversample(indices, prepared.train.labels, seed, epoch) : indices;
  const stepsPerEpoch = batchBounds(sampled(trainIndices, 0).length, batchSize).length;
  let progress = from;
  const data = summarizeParts(prepared);
  emit({ type: "start", epochs, stepsPerEpoch, epoch: from.epoch, step: from.step, kernels: session.kernels, data });

  while (!isOver(progress, recipe)) {
    const { epoch, step: start } = progress;
    const running = runningEpoch(prepared, progress, options.unfinished ?? null, team.group);
    const indices = sampled(progress.startEpoch === null && split !== null ? split.train : trainIndices, epoch);
    // Fewer steps while samples are held out to detect the start.
    const steps = batchBounds(indices.length, batchSize).length;
    const learningRate = options.learningRate ?? createLearningRate(recipe, steps);
    session.startEpoch(epoch);
    objective.beginEpoch?.(epoch);
    model.train();

    let began = performance.now();
    const order = { indices, batchSize, epoch, shuffleSeed: seed, start, ...(team.share && { share: team.share }) };
    for await (const batch of trainingSource.batches(order)) {
      const { step, total } = batch;
      const stepsBefore = epoch * stepsPerEpoch + step;
      requireReadable(batch);
      await team.fetchRows(batch.whole);

      // A forward and a backward pass for each part of the batch; their gradients add up. Targets are updated in `takeStep`.
      const sums = stepSums({ parameters, backward, terms, total, isWhole });
      let partNumber = team.firstPart;
      for (const part of batch.parts(accumulate)) {
        manualSeed(partSeed(seed, epoch, step, partNumber++), device);
        scope(() => {
          const taken = takeStep(objective, forward, part);
          sums.add(taken, part.index.length);
          running.addPredictions(part, taken.logits);
        });
      }
      for (; partNumber < team.firstPart + accumulate; partNumber++) objective.absent?.();
      const own = { unreadable: batch.unreadable.length, stops: Number(options.signal?.aborted ?? 0) };
      const { loss, unreadable, stops } = await team.reduceStep(sums, own);
      requireFinite(`the loss is ${loss}`, loss, batch);

      scope(() => {
        if (clipGradNorm !== undefined) optim.clipGradNorm(parameters, clipGradNorm);
        optimizer.lr = learningRate(epoch, step);
        const gradientNorm = compute(() => optimizer.step());
        requireFinite("the gradient is not finite", gradientNorm, batch);
        optimizer.zeroGrad();
        average?.update(stepsBefore);
        objective.afterStep?.((stepsBefore + 1) / (epochs * stepsPerEpoch));
      });

      const seconds = (performance.now() - began) / 1000;
      const samples = isAlone ? total : total - unreadable;
      running.addStep(loss, samples, seconds);
      emit({ type: "step", epoch, step, loss, samples, seconds });
      await setImmediate();
      // Ranks stop together: after the step in which a stop is requested of any of them.
      if (isAlone ? options.signal?.aborted : stops > 0) {
        requireFiniteWeights(parameters, batch);
        await team.mergeEpoch(running);
        progress = { ...progress, step: step + 1, totals: running.totals };
        await save(progress, false, running.history);
        return { progress, finished: false };
      }
      if (isAlone && options.saveNow?.()) {
        requireFiniteWeights(parameters, batch);
        await save({ ...progress, step: step + 1, totals: running.totals }, false, running.history);
      }
      began = performance.now();
    }

    requireFiniteWeights(parameters, { epoch, step: steps - 1 });
    await team.mergeEpoch(running);
    progress = await endEpoch({ prepared, session, progress, running, hooks, emit });
    await save(progress, progress.best?.epoch === epoch, null);
    if (isAlone && options.signal?.aborted && !isOver(progress, recipe)) return { progress, finished: false };
  }

  const reason = stoppedEarly(progress, recipe);
  if (reason !== null) emit({ type: "note", text: reason });
  return { progress, finished: true };
}

/** The seed of all that is drawn in a part of a step: the same, whoever computes it. */
function partSeed(seed: number, epoch: number, step: number, part: number): number {
  const keys = part === 0 ? [] : [part];
  return randomFrom(seed, epoch, step, "step", ...keys).integer(2 ** 31);
}

/** @throws InputError for a batch with fewer than two readable images. */
function requireReadable({ index, unreadable, epoch, step }: LoadedBatch): void {
  if (index.length >= Math.min(2, index.length + unreadable.length)) return;
  throw new InputError(
    `epoch ${epoch}, step ${step}: fewer than two of the batch's images can be decoded; expected image files`,
  );
}
