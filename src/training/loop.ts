// The training loop, from the first epoch to the last, to be read from top to bottom.
import { setImmediate } from "node:timers/promises";
import { batchBounds, type LoadedBatch, randomFrom } from "../data/index.js";
import { InputError } from "../errors.js";
import { takeStep } from "../objectives/index.js";
import { countPredictions, emptyTotals } from "../runs/epoch-totals.js";
import type { Prepared } from "../runs/prepare.js";
import type { Progress } from "../runs/progress.js";
import { type EpochHistory, emptyHistory, recordPredictions } from "../runs/sample-history.js";
import { manualSeed, noGrad, ops, optim, scope, type Tensor } from "../torch/index.js";
import { readPredictions } from "./batch-predictions.js";
import { betterOf, epochMetrics } from "./epoch-metrics.js";
import type { TrainingListener } from "./events.js";
import { watchCollapse } from "./hooks/collapse.js";
import { isEvaluated, isOver, stoppedEarly } from "./hooks/early-stopping.js";
import { runHooks } from "./hooks/hook.js";
import { detectStart, drawWatch } from "./hooks/start-detection.js";
import { createLearningRate } from "./schedule.js";
import { type Session, trainedParameters } from "./session.js";

export interface LoopOptions {
  readonly prepared: Prepared;
  readonly session: Session;
  /** Where to begin; the very beginning unless given. */
  readonly from: Progress;
  /** The record of the epoch in whose middle `from` lies. */
  readonly unfinished?: EpochHistory | null;
  readonly emit: TrainingListener;
  /** Saves the session at this point, with the record of an epoch that is not finished; `best` where this epoch is the best so far. */
  readonly save: (progress: Progress, best: boolean, record: EpochHistory | null) => void;
  /** Asks the loop to stop after the step that it is in. */
  readonly signal?: AbortSignal | undefined;
}

/** Where the loop ended, and whether that was the end of training. */
export interface LoopResult {
  readonly progress: Progress;
  readonly finished: boolean;
}

export function beginning(seed: number): Progress {
  const nothing = { totals: null, best: null, startEpoch: null, watched: [], collapsing: 0 };
  return { epoch: 0, step: 0, seed, ...nothing, samples: 0, seconds: 0 };
}

/**
 * Trains to the recipe's last epoch, or until early stopping or the signal ends it. It yields to the event loop after
 * every step. Everything random is keyed by (seed, epoch, sample or step), so a run that is saved after any step and goes
 * on from there computes the very same numbers.
 * @throws Error when the loss or the weights are not finite, naming epoch and step; nothing is saved after that step.
 */
export async function runLoop({ prepared, session, from, emit, save, ...options }: LoopOptions): Promise<LoopResult> {
  const { recipe, train, cleanLabels, trainIndices } = prepared;
  const { model, average, forward, objective, optimizer, trainingSource, compute } = session;
  const { epochs, batchSize, seed } = recipe;
  const parameters = trainedParameters(model);
  const watch = drawWatch(prepared);
  const hooks = [watchCollapse, ...(watch === null ? [] : [detectStart(watch)])];
  const stepsPerEpoch = batchBounds(trainIndices.length, batchSize).length;
  let progress = from;
  emit({ type: "start", epochs, stepsPerEpoch, epoch: from.epoch, step: from.step, kernels: session.kernels });

  while (!isOver(progress, recipe)) {
    const { epoch } = progress;
    const totals = progress.totals === null ? emptyTotals() : { ...progress.totals };
    let history = progress.step > 0 ? (options.unfinished ?? null) : null;
    const indices = progress.startEpoch === null && watch !== null ? watch.learnt : trainIndices;
    const steps = batchBounds(indices.length, batchSize).length;
    const learningRate = createLearningRate(recipe, steps);
    const batches = { indices, batchSize, epoch, shuffleSeed: seed, start: progress.step };
    model.train();

    let began = performance.now();
    for await (const batch of trainingSource.batches(batches)) {
      const { index, step } = batch;
      requireReadable(batch);
      manualSeed(randomFrom(recipe.seed, epoch, step, "step").integer(2 ** 31), session.device);

      // One pass forward and back for each part of the batch; their gradients add up.
      let loss = 0;
      for (const part of batch.parts(recipe.accumulate)) {
        scope(() => {
          const taken = takeStep(objective, forward, part);
          const partLoss = taken.loss.mul(part.index.length / index.length);
          partLoss.backward();
          loss += partLoss.item();
          if (taken.logits === null) {
            totals.samples += part.index.length;
            return;
          }
          const predicted = readPredictions(taken.logits, prepared.classes.length, part.labels);
          history ??= emptyHistory(train.labels.length);
          countPredictions(totals, predicted.prediction, part.index, train.labels, cleanLabels);
          recordPredictions(history, part.index, predicted);
        });
      }
      if (!Number.isFinite(loss)) throw diverged(`the loss is ${loss}`, epoch, step);

      scope(() => {
        if (recipe.clipGradNorm !== undefined) optim.clipGradNorm(parameters, recipe.clipGradNorm);
        optimizer.lr = learningRate(epoch, step);
        const norm = compute(() => optimizer.step());
        optimizer.zeroGrad();
        average?.update(epoch * stepsPerEpoch + step);
        objective.afterStep?.((epoch * stepsPerEpoch + step + 1) / (epochs * stepsPerEpoch));
        if (norm !== null && !Number.isFinite(norm)) throw diverged("the gradient is not finite", epoch, step);
      });

      const seconds = (performance.now() - began) / 1000;
      totals.loss += loss * index.length;
      totals.seconds += seconds;
      emit({ type: "step", epoch, step, loss, samples: index.length, seconds });

      await setImmediate();
      if (options.signal?.aborted) {
        requireFinite(parameters, epoch, step);
        progress = { ...progress, step: step + 1, totals };
        save(progress, false, history);
        return { progress, finished: false };
      }
      began = performance.now();
    }

    requireFinite(parameters, epoch, steps - 1);
    const metrics = await epochMetrics(prepared, session, epoch, totals, isEvaluated(epoch, recipe));
    const best = betterOf(progress.best, metrics);
    emit({ type: "epoch", metrics, record: history });
    const hooked = await runHooks(hooks, { prepared, session, progress, metrics });
    if (hooked.heldOut) emit({ type: "held-out", epoch, predictions: hooked.heldOut });
    for (const text of [...dataNotes(session), ...hooked.notes]) emit({ type: "note", text });
    const seconds = progress.seconds + totals.seconds;
    const samples = progress.samples + totals.samples;
    progress = { ...progress, ...hooked.progress, epoch: epoch + 1, step: 0, totals: null, best, samples, seconds };
    save(progress, best?.epoch === epoch, null);

    if (options.signal?.aborted && !isOver(progress, recipe)) return { progress, finished: false };
  }

  const reason = stoppedEarly(progress, recipe);
  if (reason !== null) emit({ type: "note", text: reason });
  return { progress, finished: true };
}

/** Notes on samples since the last call. */
const dataNotes = ({ loader, testLoader }: Session) => [
  ...new Set([...loader.notes(), ...(testLoader?.notes() ?? [])]),
];

/** A step can break the weights though its loss was finite; they must not take the place of a good checkpoint. */
function requireFinite(parameters: readonly Tensor[], epoch: number, step: number): void {
  const norm = scope(() => noGrad(() => ops.stack(ops.foreachNorm(parameters)).sum().item()));
  if (!Number.isFinite(norm)) throw diverged("the weights are not finite", epoch, step);
}

/** @throws InputError for a batch whose images are all but unreadable. */
function requireReadable({ index, unreadable, epoch, step }: LoadedBatch): void {
  if (index.length >= Math.min(2, index.length + unreadable.length)) return;
  throw new InputError(
    `epoch ${epoch}, step ${step}: fewer than two of the batch's images can be decoded; expected image files`,
  );
}

function diverged(what: string, epoch: number, step: number): Error {
  return new Error(
    `${what} at epoch ${epoch}, step ${step}: training stopped; the last checkpoint is from before. ` +
      "A lower --lr, --warmup-epochs or --clip-grad-norm usually helps",
  );
}
