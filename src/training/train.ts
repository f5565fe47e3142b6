// Trains one run: prepares the data and the folder, runs the loop, writes the summary.
import type { DataSet } from "../data/index.js";
import { InputError } from "../errors.js";
import { option } from "../options/index.js";
import { type LoadedCheckpoint, readNewestCheckpoint } from "../runs/checkpoint.js";
import { deleteCalibration } from "../runs/files/calibration.js";
import { writeHeldOut } from "../runs/files/held-out-files.js";
import type { RunSummary } from "../runs/files/run-summary.js";
import type { EpochHistory } from "../runs/files/sample-history.js";
import { lockRun } from "../runs/lock/lock.js";
import { chooseCompute } from "../runs/model/compute.js";
import { type Prepared, prepare } from "../runs/prepare.js";
import { prepareSameData } from "../runs/prepare-same-data.js";
import type { Progress } from "../runs/progress.js";
import { parseRecipe, type Recipe, type RecipeInput, withAbsolutePaths } from "../runs/recipe/schema.js";
import {
  createRun,
  extendRun,
  isFinished,
  type ResolvedFields,
  type RunRecipe,
  readRunRecipe,
  requireFree,
  resumeRun,
  writeEpoch,
} from "../runs/run-folder.js";
import { distributed, fromStored, libtorchVersion, scope, threads } from "../torch/index.js";
import type { TrainingEvent, TrainingListener } from "./events.js";
import { isOver } from "./hooks/early-stopping.js";
import { initialProgress, type LoopOptions, runLoop } from "./loop.js";
import { withMemoryAdvice } from "./memory-advice.js";
import { summarizeRun } from "./metrics/summary.js";
import { requireAgreement } from "./parallel/agreement.js";
import { failureOf } from "./parallel/failure.js";
import { runLog } from "./run-log.js";
import { type SavedRun, savedRun, saveProgress, saveResults } from "./saving.js";
import { type CustomParts, customKeys } from "./session/custom-parts.js";
import { openSession } from "./session/session.js";
import { undetectedNotes, withOpenStart } from "./start/given-start.js";
import { tensorboardLog } from "./tensorboard/tensorboard-log.js";

/** The options of `train` in addition to the recipe. */
export interface TrainOptions extends CustomParts {
  /** The run folder to write; nothing is written without one. */
  readonly out?: string | undefined;
  /** Resumes the run in `out` by its recipe; of the recipe given only `data` counts, and `epochs`, which may be larger. */
  readonly resume?: boolean | undefined;
  /** Resume without files of the data that are missing. */
  readonly skipMissing?: boolean | undefined;
  /** Data in memory, in place of the recipe's `data`. */
  readonly dataSet?: DataSet | undefined;
  readonly listeners?: readonly TrainingListener[] | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after every step: whether to save the run now, and continue. */
  readonly saveNow?: (() => boolean) | undefined;
  /** The ranks that train together, each by a call of its own; rank 0 alone writes (default: this process). */
  readonly group?: distributed.ProcessGroup | undefined;
}

/** The final figures, or null for a run that its signal stopped: then `progress` says where. */
export interface TrainResult {
  readonly summary: RunSummary | null;
  readonly progress: Progress;
  /** The data as it was trained on, for `inspectRun`, which then does not read it again. */
  readonly prepared: Prepared;
}

/** The starting point of a run. */
interface RunOrigin {
  readonly prepared: Prepared;
  readonly checkpoint: LoadedCheckpoint | null;
  /** The run's recipe with more epochs, where it is extended. */
  readonly extension: RunRecipe | null;
  readonly notes: readonly string[];
}

/** @throws InputError for a folder without a run to resume, or one that is not empty for a new run. */
function requireRunOrFree(out: string, resume: boolean): void {
  if (resume) readRunRecipe(out);
  else requireFree(out);
}

async function begin(input: Partial<RecipeInput>, dataSet?: DataSet): Promise<RunOrigin> {
  const recipe =
    dataSet === undefined ? withAbsolutePaths(parseRecipe(input)) : parseRecipe({ data: "(in memory)", ...input });
  const prepared = await prepare(recipe, dataSet);
  return { prepared, checkpoint: null, extension: null, notes: [...prepared.notes, ...undetectedNotes(prepared)] };
}

async function resumeFrom(
  run: string,
  { data, epochs }: Partial<RecipeInput>,
  { dataSet, skipMissing, group }: Pick<TrainOptions, "dataSet" | "skipMissing" | "group">,
): Promise<RunOrigin> {
  const begun = readRunRecipe(run);
  const own = epochs === undefined ? begun : { ...begun, recipe: withEpochs(begun.recipe, epochs) };
  const prepared = await prepareSameData(run, own, { data, dataSet, skipMissing }, option("resume"));
  const checkpoint = readNewestCheckpoint(run, group);
  if (checkpoint === null && isFinished(run)) {
    throw new InputError(`${run} is finished and has no checkpoint to resume from; expected a new run`);
  }
  const notes = [...prepared.notes, ...resumeNotes(own.resolved, prepared, checkpoint)];
  if (own.recipe.epochs === begun.recipe.epochs) return { prepared, checkpoint, extension: null, notes };
  requireUnended(run, begun.recipe, checkpoint);
  const extended = extensionNote(begun.recipe.epochs, own.recipe);
  const opened = checkpoint && { ...checkpoint, progress: withOpenStart(checkpoint.progress, prepared) };
  return { prepared, checkpoint: opened, extension: own, notes: [...notes, extended] };
}

/** @throws InputError for fewer epochs than the run has. */
function withEpochs(recipe: Recipe, epochs: number): Recipe {
  if (Number.isInteger(epochs) && epochs >= recipe.epochs) return { ...recipe, epochs };
  throw new InputError(
    `${option("epochs")}: received ${epochs}; the run has ${recipe.epochs}: expected that number or a larger one`,
  );
}

/** @throws InputError for a run that its patience ended: it would end at once again. */
function requireUnended(run: string, recipe: Recipe, checkpoint: LoadedCheckpoint | null): void {
  if (checkpoint === null || checkpoint.progress.epoch >= recipe.epochs || !isOver(checkpoint.progress, recipe)) return;
  throw new InputError(
    `${option("epochs")}: ${run} was ended by ${option("patience", recipe.patience)} after epoch ${checkpoint.progress.epoch - 1}; expected a new run`,
  );
}

const extensionNote = (before: number, { epochs, schedule }: Recipe) =>
  `extended from ${before} to ${epochs} epochs: the ${schedule} schedule is now that of ${epochs} epochs, so the result differs from a single run of ${epochs} epochs`;

const staleNote = "calibration.json was deleted: the weights change; calibrate the run again after training";

/** Notes on differences that may change the numbers of a resumed run. */
function resumeNotes(facts: ResolvedFields, { recipe }: Prepared, checkpoint: LoadedCheckpoint | null): string[] {
  const notes = checkpoint?.damage ? [`${checkpoint.damage}; resuming from the one before it`] : [];
  const [was, is] = [
    `libtorch ${facts.versions.libtorch}, ${facts.threads} threads, ${facts.kernels} kernels`,
    `libtorch ${libtorchVersion()}, ${threads()} threads, ${chooseCompute(recipe).kernels} kernels`,
  ];
  if (was !== is) notes.push(`the run was started with ${was}, this machine has ${is}: the last digits may differ`);
  return notes;
}

/**
 * Trains by a recipe, or with custom parts:
 *
 * await train({ data: "photos", objective: "sat" }, { out: "runs/photos" });
 * await train({ data: "photos", epochs: 20 }, { objective: { loss: myLoss }, model: new MyModel() });
 *
 * With `out` it writes the run folder: recipe, metrics after every epoch, checkpoints to resume from exactly,
 * targets and summary. A signal stops it after the current step, saved.
 * @throws InputError for anything that the caller can fix; Error when the loss is not finite.
 */
export async function train(input: Partial<RecipeInput>, options: TrainOptions = {}): Promise<TrainResult> {
  const { resume = false, dataSet, listeners = [], signal, group = distributed.soloGroup } = options;
  const out = isFirstRank(group) ? options.out : undefined;
  const own = { ...input, ...customKeys(input, options) };
  if (resume && options.out === undefined)
    throw new InputError(`${option("resume")} needs ${option("out", "RUN")}: the run to resume`);
  if (out !== undefined) requireRunOrFree(out, resume);
  using lock = out === undefined ? null : lockRun(out);
  const origin =
    resume && options.out !== undefined ? await resumeFrom(options.out, input, options) : await begin(own, dataSet);
  const { prepared, checkpoint, notes } = origin;
  using session = await openSession(prepared, checkpoint, options, group);
  const from = checkpoint?.progress ?? initialProgress(prepared);
  await requireAgreement(group, prepared, session, from);

  const log = out === undefined ? [] : logsOf(out, prepared);
  const emit: TrainingListener = (event: TrainingEvent) => {
    if (event.type === "epoch") lock?.requireHeld();
    if (event.type === "epoch" && out !== undefined) writeEpoch(out, event.metrics, event.history);
    if (event.type === "held-out" && out !== undefined) writeHeldOut(out, event.epoch, event.predictions);
    for (const listener of [...log, ...listeners]) listener(event);
  };
  const saved = await savedRun(group, options.out);
  const save = async (progress: Progress, best: boolean, history: EpochHistory | null) => {
    lock?.requireHeld();
    await saveProgress(saved, { recipe: prepared.recipe, session }, progress, { best, history });
    if (saved.thisRankWrites) emit({ type: "saved", epoch: progress.epoch, step: progress.step });
  };

  const folderNotes = out === undefined ? [] : openFolder(out, resume, origin, from);
  const lockNotes = lock?.note ? [lock.note] : [];
  for (const text of [...lockNotes, ...notes, ...session.notes, ...folderNotes]) emit({ type: "note", text });
  const unfinished = unfinishedHistory(checkpoint);
  const loop = { prepared, session, from, unfinished, emit, save, signal, saveNow: options.saveNow };
  const { progress, summary } = await runToEnd(loop, saved).catch(async (error: unknown) => {
    const advised = await failureOf(withMemoryAdvice(error, prepared.recipe) as Error, group);
    emit({ type: "failed", message: advised.message });
    throw advised;
  });
  emit(summary === null ? { type: "stopped", epoch: progress.epoch, step: progress.step } : { type: "end", summary });
  return { summary, progress, prepared };
}

/** Trains, then evaluates and saves the results; without a summary where it was stopped. */
async function runToEnd(loop: LoopOptions, saved: SavedRun) {
  const { prepared, session } = loop;
  const { progress, finished } = await runLoop(loop);
  if (!finished) return { progress, summary: null };
  const summary = await summarizeRun(prepared, session, progress);
  await saveResults(saved, session, summary);
  return { progress, summary };
}

/** What writes the course of a run into its folder. */
function logsOf(out: string, { recipe }: Prepared): TrainingListener[] {
  if (!recipe.tensorboard) return [runLog(out)];
  return [runLog(out), tensorboardLog(out)];
}
const isFirstRank = (group: TrainOptions["group"]) => (group?.rank ?? 0) === 0;

/** Prepares the run folder for the first step; returns notes for the log. */
function openFolder(out: string, resume: boolean, { prepared, extension }: RunOrigin, from: Progress): string[] {
  if (!resume) return createRun(out, prepared);
  if (extension !== null) extendRun(out, extension);
  resumeRun(out, prepared, from);
  return !isFinished(out) && deleteCalibration(out) ? [staleNote] : [];
}

function unfinishedHistory(checkpoint: LoadedCheckpoint | null): EpochHistory | null {
  const rows = checkpoint?.tensors.record.get("rows");
  return rows === undefined
    ? null
    : (scope(() =>
        fromStored(new Map([["rows", rows]]))
          .get("rows")
          ?.data(),
      ) as EpochHistory);
}
