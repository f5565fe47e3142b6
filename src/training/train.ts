// One run from recipe to summary: the data, the folder, the loop, the final figures.
import type { DataSet } from "../data/index.js";
import { InputError } from "../errors.js";
import { scope } from "../torch/index.js";
import { readNewestCheckpoint, saveCheckpoint } from "./checkpoint.js";
import { evaluateModel } from "./evaluate.js";
import type { TrainingEvent, TrainingListener } from "./events.js";
import { beginning, everyIndex, recoveredLabels, runLoop } from "./loop.js";
import { countAnswers, emptyTotals } from "./meter.js";
import { type Prepared, prepare } from "./prepare.js";
import type { Progress } from "./progress.js";
import { parseRecipe, type RecipeInput } from "./recipe.js";
import { appendMetrics, createRun, cutMetrics, readRunRecipe, writeSummary, writeTargets } from "./run-folder.js";
import type { RunSummary } from "./run-types.js";
import { checkpointTensors, closeSession, openSession, restoreSession, type Session } from "./session.js";

export interface TrainOptions {
  /** The run folder to write; nothing is written without one. */
  readonly out?: string | undefined;
  /** Goes on with the run in `out`, whose own recipe holds; of the recipe given only `data`, if anything, counts. */
  readonly resume?: boolean | undefined;
  /** Data in memory, in the place of what the recipe's `data` names. */
  readonly dataSet?: DataSet | undefined;
  readonly listeners?: readonly TrainingListener[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The final figures, or null for a run that its signal stopped: then `progress` says where. */
export interface TrainResult {
  readonly summary: RunSummary | null;
  readonly progress: Progress;
}

/** The data of the run to go on with. @throws InputError when it is not the data that the run began with. */
async function prepareResumed(run: string, data: string | undefined, dataSet?: DataSet): Promise<Prepared> {
  const { recipe, facts } = readRunRecipe(run);
  const prepared = await prepare(data === undefined ? recipe : { ...recipe, data }, dataSet);
  const [was, is] = [facts.classes.join(", "), prepared.classes.join(", ")];
  if (was !== is) throw new InputError(`--resume: the classes are ${is}; the run in ${run} was begun with ${was}`);
  if (facts.fingerprint !== prepared.fingerprint) {
    const found = `its fingerprint is ${prepared.fingerprint}, the run's was ${facts.fingerprint}`;
    throw new InputError(`--resume: the data differs from what the run in ${run} was begun with; ${found}`);
  }
  return prepared;
}

/** Where a run stands on disk; its beginning where it was stopped before the first checkpoint. */
function resumePoint(run: string, session: Session, seed: number, emit: TrainingListener): Progress {
  const checkpoint = readNewestCheckpoint(run);
  if (checkpoint === null) return beginning(seed);
  if (checkpoint.damage !== null) emit({ type: "note", text: `${checkpoint.damage}; going on from the one before` });
  restoreSession(session, checkpoint);
  return checkpoint.progress;
}

/** The network's final answers on the training part, without augmentation, against the labels given and the clean ones. */
async function finalTrainFigures(prepared: Prepared, session: Session) {
  const { train, cleanLabels, trainIndices, classes } = prepared;
  const { logits } = await evaluateModel({ ...session, indices: trainIndices, labels: train.labels });
  const totals = emptyTotals();
  countAnswers(totals, rowMaxima(logits, trainIndices.length, classes.length), trainIndices, train.labels, cleanLabels);
  const n = trainIndices.length;
  const noisyTrainAccuracy = totals.correct / n;
  if (cleanLabels === null) return { noisyTrainAccuracy };
  return {
    noisyTrainAccuracy,
    labelNoise: totals.wrong / n,
    cleanTrainAccuracy: totals.cleanCorrect / n,
    wrongLabelsMemorised: totals.wrong === 0 ? null : totals.memorised / totals.wrong,
    recoveredLabels: recoveredLabels(session, cleanLabels, trainIndices),
  };
}

async function summarise(prepared: Prepared, session: Session, progress: Progress): Promise<RunSummary> {
  const { recipe, classes, trainIndices, test } = prepared;
  const { model, testLoader, device, precision } = session;
  const tested =
    test === null || testLoader === null
      ? null
      : await evaluateModel({ ...session, loader: testLoader, indices: everyIndex(test.labels), labels: test.labels });
  return {
    objective: recipe.objective,
    model: recipe.model,
    parameters: model.parameters().reduce((sum, parameter) => sum + parameter.size, 0),
    epochs: progress.epoch,
    trainSize: trainIndices.length,
    classes: classes.length,
    testAccuracy: tested?.accuracy ?? null,
    testAccuracyAtBest: progress.best?.testAccuracy ?? null,
    testLoss: tested?.loss ?? null,
    ...(await finalTrainFigures(prepared, session)),
    seconds: progress.seconds,
    imagesPerSecond: (trainIndices.length * progress.epoch) / progress.seconds,
    precision,
    device,
    seed: recipe.seed,
  };
}

/**
 * Trains by a recipe: `await train({ data: "photos", objective: "sat" }, { out: "runs/photos" })`.
 *
 * With `out` it writes the run folder: recipe, metrics after every epoch, checkpoints that `resume` goes on from exactly,
 * targets and summary. A signal stops it after the step that it is in, saved.
 * @throws InputError for anything the caller can mend; Error when the loss is not finite.
 */
export async function train(input: Partial<RecipeInput>, options: TrainOptions = {}): Promise<TrainResult> {
  const { out, resume = false, dataSet, listeners = [], signal } = options;
  if (resume && out === undefined) throw new InputError("--resume needs --out RUN: which run to go on with");
  const emit: TrainingListener = (event: TrainingEvent) => {
    if (event.type === "epoch" && out !== undefined) appendMetrics(out, event.metrics);
    for (const listener of listeners) listener(event);
  };
  const prepared =
    resume && out !== undefined
      ? await prepareResumed(out, input.data, dataSet)
      : await prepare(parseRecipe(dataSet === undefined ? input : { data: "(in memory)", ...input }), dataSet);
  const session = await openSession(prepared);
  for (const text of [...prepared.notes, ...session.notes]) emit({ type: "note", text });
  try {
    if (out !== undefined && !resume) createRun(out, prepared);
    const from =
      resume && out !== undefined
        ? resumePoint(out, session, prepared.recipe.seed, emit)
        : beginning(prepared.recipe.seed);
    if (out !== undefined && resume) cutMetrics(out, from.epoch);
    const save = (progress: Progress, best: boolean) => {
      if (out === undefined) return;
      scope(() => {
        const tensors = checkpointTensors(session);
        if (best) saveCheckpoint(out, "best", tensors, progress);
        saveCheckpoint(out, "last", tensors, progress);
      });
      emit({ type: "saved", epoch: progress.epoch, step: progress.step });
    };
    const { progress, finished } = await runLoop({ prepared, session, from, emit, save, signal });
    if (!finished) {
      emit({ type: "stopped", epoch: progress.epoch, step: progress.step });
      return { summary: null, progress };
    }
    const summary = await summarise(prepared, session, progress);
    if (out !== undefined) writeResults(out, session, summary);
    emit({ type: "end", summary });
    return { summary, progress };
  } finally {
    closeSession(session);
  }
}

function writeResults(run: string, { objective }: Session, summary: RunSummary): void {
  const { targets } = objective;
  if (targets !== undefined) {
    writeTargets(run, scope(() => targets.to("float32").data()) as Float32Array, targets.shape);
  }
  writeSummary(run, summary);
}

function rowMaxima(logits: Float32Array, rows: number, classes: number): Int32Array {
  const outputs = logits.length / rows;
  return Int32Array.from({ length: rows }, (_, i) => {
    const row = logits.subarray(i * outputs, i * outputs + classes);
    return row.indexOf(Math.max(...row));
  });
}
