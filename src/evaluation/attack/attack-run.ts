// Attacks a run's network: natural and robust accuracy on data, with saved state and resume.
import {
  type AdversarialExamples,
  type Attack,
  attackWarnings,
  type Classifier,
  positionsTried,
  type SearchState,
  STILL_CORRECT,
  search,
  startSearch,
} from "../../attacks/index.js";
import { randomFrom } from "../../data/index.js";
import { InputError } from "../../errors.js";
import { option } from "../../options/index.js";
import { readClassifierRecipe } from "../../runs/classifier-recipe.js";
import { openRunModel } from "../../runs/model/open-model.js";
import type { RunRecipe } from "../../runs/run-folder.js";
import { distributed, scope } from "../../torch/index.js";
import { type EvaluationData, type EvaluationDataOptions, readEvaluationData } from "../evaluation-data.js";
import { gatherNotes } from "../gather-outputs.js";
import { runClassifier } from "./classifier.js";
import { createAttacks, requireGradients } from "./create-attacks.js";
import {
  defaultFolder,
  finishAttack,
  isStopped,
  makeFolder,
  readAttack,
  readResult,
  saveAttack,
  savePart,
} from "./folder.js";
import { createPixels, type Pixels, requirePixels } from "./pixels.js";
import type { AttackResult } from "./result.js";
import { galleryOf, jobOf, resultOf, rowsOf } from "./result.js";
import { findStopped, requireSameJob } from "./resume-attack.js";
import type { AttackSettings } from "./settings.js";
import { type AttackChoices, settingsOf } from "./settings.js";
import type { AttackJob, SavedAttack } from "./state.js";
import { readAttacked } from "./weights.js";

/** The progress of an attack. */
export type AttackEvent =
  | { readonly type: "begin"; readonly settings: AttackSettings; readonly folder: string; readonly resumed: boolean }
  | { readonly type: "natural"; readonly accuracy: number; readonly samples: number }
  | {
      readonly type: "batch";
      readonly attack: string;
      /** Of the samples that this attack is tried on. */
      readonly done: number;
      readonly tried: number;
      /** Of all samples, those that are still classified correctly. */
      readonly robust: number;
      readonly samples: number;
      /** Of this attack, over all resumes. */
      readonly seconds: number;
    }
  | { readonly type: "note"; readonly text: string };

export type AttackListener = (event: AttackEvent) => void;

/** The options of an attack run in addition to the settings of the attack. */
export interface AttackRunning {
  readonly device?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly listener?: AttackListener | undefined;
  /**
   * The ranks that share every batch, each by a call of its own; all get the result, rank 0 alone writes (default: this
   * process). All must see the same folders.
   */
  readonly group?: distributed.ProcessGroup | undefined;
}

export type AttackRunOptions = AttackChoices &
  EvaluationDataOptions &
  AttackRunning & {
    /** The folder of the results (default: one in the run's `attacks/`, where the report finds it). */
    readonly out?: string | undefined;
    /** Resume the stopped attack; other settings must be as they were. */
    readonly resume?: boolean | undefined;
  };

export interface RunAttack {
  /** Null when the signal stopped the attack; `resume` continues it. */
  readonly result: AttackResult | null;
  readonly folder: string;
}

/** The attacked run and the data. */
export interface AttackTarget {
  readonly run: string;
  readonly runRecipe: RunRecipe;
  readonly data: EvaluationData;
  /** Notes for the user when the attack starts. */
  readonly notes: readonly string[];
}

/**
 * Natural and robust accuracy of a run's network: every attack is tried on the samples that are classified correctly when clean
 * and after the attacks before it; an adversarial example counts only if it lies inside the ball and inside [0, 1], and its
 * prediction is computed again outside of the attack.
 *
 * robust accuracy = samples classified correctly, clean and after every attack / samples
 *
 * State is saved after every batch. Writes `results.json`, `samples.csv` and `gallery.npy` into its folder, with `saveImages`
 * also `adversarial.npy`, float32 (n, channels, height, width), and `indices.npy`, their positions in the data.
 * @throws InputError for a run, data, settings or a stopped attack that cannot be used.
 * @throws Error for an attack that leaves its ball.
 */
export async function attackRun(run: string, options: AttackRunOptions = {}): Promise<RunAttack> {
  const stopped = options.resume ? findStopped(run, options) : null;
  const target = await openTarget(run, options);
  const settings = stopped?.job.settings ?? settingsOf(options, target.runRecipe.recipe);
  const folder = stopped?.folder ?? options.out ?? null;
  return attackTarget(target, settings, folder, options);
}

/** Reads the data to attack. @throws InputError when it cannot be read, or when the samples are not images. */
export async function openTarget(run: string, options: EvaluationDataOptions): Promise<AttackTarget> {
  const runRecipe = readClassifierRecipe(run);
  const data = await readEvaluationData(options, runRecipe, run);
  requirePixels(data.samples, data.name);
  const trainedOnNote = data.trainedOn ? ["the run was trained on these samples"] : [];
  return { run, runRecipe, data, notes: [...data.notes, ...trainedOnNote] };
}

type RunningOptions = AttackRunning & Pick<AttackRunOptions, "attack" | "resume">;

/** One attack, in the given or the default folder. @throws as `attackRun` */
export async function attackTarget(
  target: AttackTarget,
  settings: AttackSettings,
  given: string | null,
  running: RunningOptions,
): Promise<RunAttack> {
  const { run, runRecipe, data } = target;
  const { group = distributed.soloGroup, signal, listener } = running;
  const weights = readAttacked(run, settings.checkpoint);
  const job: AttackJob = { settings, data: data.fingerprint, weights: weights.digest };
  const folder = given ?? defaultFolder(run, job);
  const saved = savedIn(folder, job, running.resume === true, given !== null);
  // All ranks have read the folder before the first one writes.
  await group.barrier();
  if (saved !== null && "robustAccuracy" in saved) return { result: saved, folder };
  const writes = group.rank === 0;
  const ball = { norm: settings.norm, epsilon: settings.epsilon };
  const attacks = createAttacks(
    settings,
    runRecipe.resolved.classes.length,
    typeof running.attack === "object" ? running.attack : null,
  );
  requireGradients(runRecipe.recipe.model, settings.attack, attacks);
  const opened = openRunModel(runRecipe, weights.loaded, { ...settings, device: running.device });
  const { classifier, release } = runClassifier(opened, runRecipe.resolved.normalization);
  const pixels = createPixels(data.samples, opened.device, opened.dtype);
  try {
    if (writes) makeFolder(folder);
    for (const text of target.notes) listener?.({ type: "note", text });
    listener?.({ type: "begin", settings, folder, resumed: saved !== null });
    const asked = { model: classifier, batch: pixels.batch, load: pixels.load, group };
    const state = saved?.search ?? (await startSearch(chooseSamples(data, settings.limit), asked));
    if (state.index.length === 0) throw new InputError(`${data.name}: none of its images can be decoded`);
    for (const text of await gatherNotes(group, pixels.notes())) listener?.({ type: "note", text });
    const warnings = saved?.warnings ?? (await warningsOf(classifier, pixels, state));
    const initial = saved ?? { job, search: state, gallery: [], warnings, parts: 0 };
    const progress = trackProgress(writes ? folder : null, initial, target, attacks);
    notifyNatural(state, listener);
    if (saved === null) progress.save();
    const onBatch = (examples: AdversarialExamples) => {
      progress.add(examples);
      notifyBatch(state, attacks, settings.batchSize, listener);
    };
    const rest = { attacks, ball, batchSize: settings.batchSize, signal, onBatch };
    if (!(await search(state, { ...asked, ...rest }))) return { result: null, folder };
    const result = resultOf(progress.now(), attacks, weights.epoch, data);
    const rows = rowsOf(progress.now(), attacks, data, runRecipe);
    if (writes) finishAttack(folder, result, progress.now(), rows, data.samples.shape);
    return { result, folder };
  } finally {
    for (const free of [pixels.release, release, opened.release]) free();
  }
}

/** The positions of the samples to attack, ascending; a part of them is drawn, the same for every run and seed. */
function chooseSamples({ samples: { labels } }: EvaluationData, limit: number | null): Int32Array {
  const count = Math.min(limit ?? labels.length, labels.length);
  return randomFrom(0, "attacked samples").sample(labels.length, count).sort();
}

/** The number of images that gradients and outputs are checked on. */
const WARNING_SAMPLES = 64;

/** Reasons to distrust attacks on this network, from some images that it classifies correctly. */
async function warningsOf(classifier: Classifier, pixels: Pixels, state: SearchState): Promise<string[]> {
  const index = Int32Array.from(
    positionsTried(state, 0).slice(0, WARNING_SAMPLES),
    (position) => state.index[position] as number,
  );
  if (index.length === 0) return [];
  await pixels.load(index);
  return scope(() => attackWarnings(classifier, pixels.batch(index)));
}

/** The saved results or state of this attack in a folder, or null. @throws InputError if the folder holds something else. */
function savedIn(folder: string, job: AttackJob, resume: boolean, given: boolean): AttackResult | SavedAttack | null {
  if (!resume) {
    if (isStopped(folder)) {
      throw new InputError(
        `${folder} holds an attack that was stopped; resume it with ${option("resume")}, or choose another ${option("out")}`,
      );
    }
    if (given && readResult(folder) !== null) {
      throw new InputError(`${folder} holds the results of an attack; choose another ${option("out")}`);
    }
    return null;
  }
  if (!isStopped(folder)) {
    const result = readResult(folder);
    if (result === null)
      throw new InputError(
        `${option("resume")}: ${folder} holds no attack; expected a stopped attack with these settings`,
      );
    requireSameJob(folder, jobOf(result), job);
    return result;
  }
  const saved = readAttack(folder);
  requireSameJob(folder, saved.job, job);
  return saved;
}

/** Follows the progress of an attack, and saves it in a folder batch by batch. */
function trackProgress(
  folder: string | null,
  initial: SavedAttack,
  { data, runRecipe }: AttackTarget,
  attacks: readonly Attack[],
) {
  const { shape, labels } = data.samples;
  const { saveImages } = initial.job.settings;
  let now = initial;
  const save = () => folder !== null && saveAttack(folder, now, shape);
  return {
    now: () => now,
    save,
    add(examples: AdversarialExamples): void {
      const { positions, attacked } = examples;
      const index = positions.map((position) => now.search.index[position] as number);
      const isPart = saveImages && positions.length > 0;
      if (isPart && folder !== null) savePart(folder, now.parts, { index, images: attacked }, shape);
      const parts = now.parts + Number(isPart);
      const { name } = attacks[now.search.attack] as Attack;
      const gallery = galleryOf(now, examples, name, labels, runRecipe.resolved.classes);
      now = { ...now, parts, gallery };
      save();
    },
  };
}

function notifyNatural({ fooledBy }: SearchState, listener: AttackListener | undefined): void {
  const samples = fooledBy.length;
  const correct = fooledBy.filter((by) => by >= STILL_CORRECT).length;
  listener?.({ type: "natural", accuracy: correct / samples, samples });
}

function notifyBatch(
  state: SearchState,
  attacks: readonly Attack[],
  batchSize: number,
  listener?: AttackListener,
): void {
  const { attack, batch, fooledBy, seconds } = state;
  const tried = positionsTried(state, attack).length;
  listener?.({
    type: "batch",
    attack: attacks[attack]?.name ?? "",
    done: Math.min(batch * batchSize, tried),
    tried,
    robust: fooledBy.filter((by) => by === STILL_CORRECT).length,
    samples: fooledBy.length,
    seconds: seconds[attack] ?? 0,
  });
}
