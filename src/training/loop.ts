// The training loop, from the first epoch to the last, to be read from top to bottom.
import { setImmediate } from "node:timers/promises";
import { batchBounds, epochOrder, randomFrom } from "../data/index.js";
import { manualSeed, nn, optim, scope, type Tensor } from "../torch/index.js";
import { createLearningRate } from "./components.js";
import { evaluateModel } from "./evaluate.js";
import type { TrainingListener } from "./events.js";
import { countAnswers, emptyTotals } from "./meter.js";
import type { Prepared } from "./prepare.js";
import type { Best, Progress } from "./progress.js";
import type { EpochMetrics } from "./run-types.js";
import type { Session } from "./session.js";

export interface LoopOptions {
  readonly prepared: Prepared;
  readonly session: Session;
  /** Where to begin; the very beginning unless given. */
  readonly from: Progress;
  readonly emit: TrainingListener;
  /** Saves the session at this point; `best` where this epoch is the best so far. */
  readonly save: (progress: Progress, best: boolean) => void;
  /** Asks the loop to stop after the step that it is in. */
  readonly signal?: AbortSignal | undefined;
}

/** Where the loop ended, and whether that was the end of training. */
export interface LoopResult {
  readonly progress: Progress;
  readonly finished: boolean;
}

export function beginning(seed: number): Progress {
  return { epoch: 0, step: 0, seed, totals: null, best: null, seconds: 0 };
}

/**
 * Trains to the recipe's last epoch, or until early stopping or the signal ends it. It yields to the event loop after
 * every step. Everything random is keyed by (seed, epoch, sample or step), so a run that is saved after any step and goes
 * on from there computes the very same numbers.
 * @throws Error when the loss is not finite, naming epoch and step; nothing is saved after that step.
 */
export async function runLoop({ prepared, session, from, emit, save, signal }: LoopOptions): Promise<LoopResult> {
  const { recipe, train, cleanLabels, trainIndices } = prepared;
  const { model, objective, optimizer, loader, precision, device } = session;
  const parameters = model.parameters();
  const bounds = batchBounds(trainIndices.length, recipe.batchSize);
  const learningRate = createLearningRate(recipe, bounds.length);
  let progress = from;
  emit({ type: "start", epochs: recipe.epochs, stepsPerEpoch: bounds.length, epoch: from.epoch, step: from.step });

  while (progress.epoch < recipe.epochs) {
    const { epoch } = progress;
    const totals = progress.totals === null ? emptyTotals() : { ...progress.totals };
    const order = epochOrder(trainIndices, recipe.seed, epoch);
    model.train();

    for (let step = progress.step; step < bounds.length; step++) {
      const began = performance.now();
      const [start, end] = bounds[step] as [number, number];
      const index = order.subarray(start, end);
      manualSeed(randomFrom(recipe.seed, epoch, step, "step").integer(2 ** 31), device);

      // One pass forward and back for each part of the batch; their gradients add up.
      let loss = 0;
      for (const part of split(index, recipe.accumulate)) {
        const share = part.length / index.length;
        loss +=
          share *
          scope(() => {
            const augmentation = recipe.augment === "none" ? undefined : { seed: recipe.seed, epoch };
            const images = loader.batch(part, augmentation);
            const logits = nn.withPrecision(precision, () => model.forward(images));
            const labels = part.map((sample) => train.labels[sample] as number);
            const partLoss = objective.loss(logits, { labels, index: part, epoch });
            (share === 1 ? partLoss : partLoss.mul(share)).backward();
            countAnswers(totals, answersOf(logits, prepared.classes.length), part, train.labels, cleanLabels);
            return partLoss.item();
          });
      }
      if (!Number.isFinite(loss)) throw notFinite(loss, epoch, step);

      scope(() => {
        if (recipe.clipGradNorm !== undefined) optim.clipGradNorm(parameters, recipe.clipGradNorm);
        optimizer.lr = learningRate(epoch, step);
        optimizer.step();
        optimizer.zeroGrad();
      });

      const seconds = (performance.now() - began) / 1000;
      totals.samples += index.length;
      totals.loss += loss * index.length;
      totals.seconds += seconds;
      emit({ type: "step", epoch, step, loss, samples: index.length, seconds });

      await setImmediate();
      if (signal?.aborted && step + 1 < bounds.length) {
        progress = { ...progress, step: step + 1, totals };
        save(progress, false);
        return { progress, finished: false };
      }
    }

    const evaluated = (epoch + 1) % recipe.evalEvery === 0 || epoch + 1 === recipe.epochs;
    const metrics = await epochMetrics(prepared, session, epoch, totals, evaluated);
    const best = betterOf(progress.best, metrics);
    const seconds = progress.seconds + totals.seconds;
    emit({ type: "epoch", metrics });
    progress = { epoch: epoch + 1, step: 0, seed: recipe.seed, totals: null, best, seconds };
    save(progress, best !== null && best.epoch === epoch);

    const stale = best === null || recipe.patience === undefined ? 0 : epoch - best.epoch;
    if (recipe.patience !== undefined && stale >= recipe.patience) {
      emit({
        type: "note",
        text: `stopped: no better validation accuracy for ${stale} epochs; the best was epoch ${best?.epoch}`,
      });
      break;
    }
    if (signal?.aborted && progress.epoch < recipe.epochs) return { progress, finished: false };
  }
  return { progress, finished: true };
}

/** Equal parts of a batch, as far as they go. */
function split(index: Int32Array, parts: number): Int32Array[] {
  const size = Math.ceil(index.length / parts);
  return Array.from({ length: Math.ceil(index.length / size) }, (_, i) => index.subarray(i * size, (i + 1) * size));
}

/** The most probable class of each row; outputs beyond the classes do not answer. */
function answersOf(logits: Tensor, classes: number): Int32Array {
  return logits.detach().narrow(1, 0, classes).argmax({ dim: 1 }).to("int32").data() as Int32Array;
}

function notFinite(loss: number, epoch: number, step: number): Error {
  return new Error(
    `the loss is ${loss} at epoch ${epoch}, step ${step}: training stopped; the last checkpoint is from before. ` +
      "A lower --lr, --warmup-epochs or --clip-grad-norm usually helps",
  );
}

/** What one epoch is worth a line of: its own counts, and evaluations where they are due. */
async function epochMetrics(
  prepared: Prepared,
  session: Session,
  epoch: number,
  totals: ReturnType<typeof emptyTotals>,
  evaluated: boolean,
): Promise<EpochMetrics> {
  const { train, test, cleanLabels, trainIndices, validationIndices } = prepared;
  const { samples, loss, correct, cleanCorrect, wrong, memorised, seconds } = totals;
  const validation =
    evaluated && validationIndices.length > 0
      ? await evaluateModel({ ...session, indices: validationIndices, labels: train.labels })
      : null;
  const tested =
    evaluated && test !== null && session.testLoader !== null
      ? await evaluateModel({
          ...session,
          loader: session.testLoader,
          indices: everyIndex(test.labels),
          labels: test.labels,
        })
      : null;
  return {
    epoch,
    lr: session.optimizer.lr,
    trainLoss: loss / samples,
    trainAccuracy: correct / samples,
    ...(validation && { validationLoss: validation.loss, validationAccuracy: validation.accuracy }),
    ...(tested && { testLoss: tested.loss, testAccuracy: tested.accuracy }),
    ...(cleanLabels && {
      cleanTrainAccuracy: cleanCorrect / samples,
      wrongLabelsMemorised: wrong === 0 ? null : memorised / wrong,
      recoveredLabels: recoveredLabels(session, cleanLabels, trainIndices),
    }),
    seconds,
    imagesPerSecond: samples / seconds,
  };
}

export const everyIndex = (labels: Int32Array) => Int32Array.from(labels.keys());

/** The share of training samples whose target's largest entry is the clean label; null for an objective without targets. */
export function recoveredLabels({ objective }: Session, clean: Int32Array, indices: Int32Array): number | null {
  const { targets } = objective;
  if (targets === undefined) return null;
  const believed = scope(() => targets.argmax({ dim: 1 }).to("int32").data()) as Int32Array;
  return indices.reduce((count, sample) => count + (believed[sample] === clean[sample] ? 1 : 0), 0) / indices.length;
}

function betterOf(best: Best | null, { epoch, validationAccuracy, testAccuracy }: EpochMetrics): Best | null {
  if (validationAccuracy === undefined || validationAccuracy === null) return best;
  if (best !== null && validationAccuracy <= best.validationAccuracy) return best;
  return { epoch, validationAccuracy, testAccuracy: testAccuracy ?? null };
}
