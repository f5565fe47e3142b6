// Writes and reads the folder of a run.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { appendAtomic, isUnfinished, withWriteErrors, writeFileAtomic } from "../atomic-files.js";
import { writeNpy } from "../data/index.js";
import { InputError } from "../errors.js";
import { option } from "../options/index.js";
import { libtorchVersion, threads } from "../torch/index.js";
import { version } from "../version.js";
import { dataFilesName, writeDataFiles } from "./files/data-files.js";
import type { EpochMetrics } from "./files/epoch-metrics.js";
import { truncateHeldOut } from "./files/held-out-files.js";
import { truncateHistory, writeHistory } from "./files/history-files.js";
import type { RunSummary } from "./files/run-summary.js";
import type { EpochHistory } from "./files/sample-history.js";
import { truncateSteps } from "./files/step-files.js";
import { isLockFile } from "./lock/lock.js";
import { chooseCompute } from "./model/compute.js";
import type { Prepared } from "./prepare.js";
import type { Progress } from "./progress.js";
import { parseRecipe, type Recipe } from "./recipe/schema.js";

const channelValues = z.array(z.number()).readonly();

/** The part `resolved` of a run's `recipe.yaml`: what determines the run in addition to its options. */
const resolvedSchema = z
  .object({
    format: z.string(),
    classes: z.array(z.string()).readonly(),
    sampleShape: z.array(z.int()).readonly(),
    /** What became black and white in images of more than 8 bits a value, by their pixel type. */
    depthRanges: z
      .record(z.string(), z.tuple([z.number(), z.number()]).readonly())
      .readonly()
      .exactOptional(),
    trainSize: z.int(),
    normalization: z
      .object({
        mean: channelValues,
        std: channelValues,
        pixelRange: z.tuple([z.number(), z.number()]).readonly().nullable().exactOptional(),
      })
      .readonly(),
    /** Of the data as it was read. */
    fingerprint: z.string(),
    /** Of the labels trained on, after relabeling and noise. */
    labelsFingerprint: z.string(),
    threads: z.int(),
    /** Default: the stock kernels, for runs of older versions. */
    kernels: z.string().default("stock"),
    versions: z.record(z.string(), z.string()).readonly(),
  })
  .readonly();

export type ResolvedFields = z.output<typeof resolvedSchema>;

export interface RunRecipe {
  readonly recipe: Recipe;
  readonly resolved: ResolvedFields;
}

const recipeFile = (run: string) => join(run, "recipe.yaml");
const summaryFile = (run: string) => join(run, "summary.json");
export const targetsFile = (run: string) => join(run, "targets.npy");
const metricsFile = (run: string) => join(run, "metrics.jsonl");
export const noiseFile = (run: string) => join(run, "noisy_idx_labels.npy");
export const imageNoiseFile = (run: string) => join(run, "noisy_idx_images.npy");

function resolvedFields({ format, classes, train, trainIndices, ...prepared }: Prepared): ResolvedFields {
  return {
    format,
    classes,
    sampleShape: train.shape,
    ...(train.depthRanges && { depthRanges: train.depthRanges }),
    trainSize: trainIndices.length,
    normalization: prepared.normalization,
    fingerprint: prepared.fingerprint,
    labelsFingerprint: prepared.labelsFingerprint,
    threads: threads(),
    kernels: chooseCompute(prepared.recipe).kernels,
    versions: { selfadapt: version, libtorch: libtorchVersion(), node: process.versions.node },
  };
}

/** Whether a folder holds a run. */
export function isRun(run: string): boolean {
  return existsSync(recipeFile(run));
}

/** The output of a process that the studio started to train. */
export const trainLog = "train.log";
/** What a run writes before its first checkpoint. */
const unsavedFiles =
  /^(recipe\.yaml|data-files\.csv\.gz|(metrics|steps|notes)\.jsonl|train\.log|noisy_idx_(labels|images)\.npy|record|held-out)$/;

/** Whether a folder holds a run that ended before its first checkpoint, so that it cannot be resumed. */
function holdsUnsavedRun(run: string): boolean {
  return holdsOwnRecipe(run) && readdirSync(run).every((name) => unsavedFiles.test(name) || isTemporary(name));
}

/** Whether `recipe.yaml` was written by `train`, and not by the user. */
const holdsOwnRecipe = (run: string) => isRun(run) && /^resolved:/m.test(readFileSync(recipeFile(run), "utf8"));

/** What may be in a folder before a run begins in it: a lock, and the log of the process that will train. */
const isTemporary = (name: string) => isUnfinished(name) || isLockFile(name) || name === trainLog;

/**
 * @throws InputError when there is something at the path that a new run would mix with. A run without a
 * checkpoint and a lock are ignored.
 */
export function requireFree(run: string): void {
  if (holdsUnsavedRun(run)) return;
  if (holdsOwnRecipe(run)) {
    throw new InputError(
      `${run} holds a run already; resume it with ${option("resume")}, or choose another ${option("out")}`,
    );
  }
  const entries = existsSync(run) ? withWriteErrors(run, () => readdirSync(run)) : [];
  if (!entries.every(isTemporary)) {
    throw new InputError(`${run} is not empty and holds no run; choose another ${option("out")}`);
  }
}

/** Deletes a run without a checkpoint; returns whether there was one. */
function clearUnsaved(run: string): boolean {
  if (!holdsUnsavedRun(run)) return false;
  for (const name of readdirSync(run).filter((name) => unsavedFiles.test(name))) {
    rmSync(join(run, name), { recursive: true, force: true });
  }
  return true;
}

/**
 * Creates a run folder with the recipe and the noise; returns notes for the log.
 * @throws InputError when the folder is not empty or cannot be written; then nothing is left behind.
 */
export function createRun(run: string, prepared: Prepared): string[] {
  requireFree(run);
  withWriteErrors(run, () => mkdirSync(run, { recursive: true }));
  const replaced = clearUnsaved(run);
  try {
    writeRunRecipe(run, { recipe: prepared.recipe, resolved: resolvedFields(prepared) });
    writeDataFiles(run, prepared.dataFiles);
    writeNoise(run, prepared);
  } catch (error) {
    const written = [recipeFile(run), join(run, dataFilesName), noiseFile(run), imageNoiseFile(run)];
    for (const file of written) rmSync(file, { force: true });
    throw error;
  }
  return replaced ? [`${run}: replaced a run that ended before its first checkpoint`] : [];
}

/**
 * Prepares the folder to resume from an epoch: truncates later metrics, steps and history, and writes noise that is missing. A run that is
 * resumed before its last epoch counts as unfinished.
 */
export function resumeRun(run: string, prepared: Prepared, { epoch, step }: Pick<Progress, "epoch" | "step">): void {
  if (readMetrics(run).some((metrics) => metrics.epoch >= epoch)) rmSync(summaryFile(run), { force: true });
  truncateMetrics(run, epoch);
  truncateSteps(run, epoch, step);
  truncateHistory(run, epoch);
  truncateHeldOut(run, epoch);
  if (!existsSync(noiseFile(run))) writeNoise(run, prepared);
}

function writeNoise(run: string, { noise, corruptedImages }: Prepared): void {
  if (noise.length > 0) writeFileAtomic(noiseFile(run), writeNpy(noise, [noise.length / 2, 2]));
  if (corruptedImages.length > 0) writeFileAtomic(imageNoiseFile(run), writeNpy(corruptedImages));
}

function writeRunRecipe(run: string, { recipe, resolved }: RunRecipe): void {
  writeFileAtomic(recipeFile(run), stringify({ ...recipe, resolved }, { lineWidth: 0 }));
}

/** Extends a run to more epochs; it then counts as unfinished. */
export function extendRun(run: string, extended: RunRecipe): void {
  writeRunRecipe(run, extended);
  rmSync(summaryFile(run), { force: true });
}

/** The recipe that a run was made by. @throws InputError where the folder holds none, or it cannot be read. */
export function readRunRecipe(run: string): RunRecipe {
  if (!isRun(run)) {
    throw new InputError(
      `${run} is not a run folder; expected a folder written by train ${option("out")}, with recipe.yaml`,
    );
  }
  const { resolved, ...recipe } = parseMapping(recipeFile(run));
  const facts = resolvedSchema.safeParse(resolved);
  if (facts.success) return { recipe: parseRecipe(recipe), resolved: facts.data };
  const [issue] = facts.error.issues;
  const place = ["resolved", ...(issue?.path ?? [])].join(".");
  throw new InputError(`${recipeFile(run)} was not written by train: ${place}: ${issue?.message}`);
}

function parseMapping(path: string): Record<string, unknown> {
  try {
    return { ...(parse(readFileSync(path, "utf8")) as Record<string, unknown>) };
  } catch (error) {
    throw new InputError(`${path} was not written by train: ${(error as Error).message.split("\n")[0]}`);
  }
}

/** An epoch's line of `metrics.jsonl`, and the sample history of methods with labels. */
export function writeEpoch(run: string, metrics: EpochMetrics, history: EpochHistory | null): void {
  if (history !== null) writeHistory(run, metrics.epoch, history);
  appendAtomic(metricsFile(run), `${JSON.stringify(metrics)}\n`);
}

/** The epochs written so far; a truncated last line is ignored. @throws InputError naming a damaged line. */
export function readMetrics(run: string): EpochMetrics[] {
  if (!existsSync(metricsFile(run))) return [];
  const lines = readFileSync(metricsFile(run), "utf8").split("\n").slice(0, -1);
  return lines.map((line, i) => {
    try {
      return JSON.parse(line) as EpochMetrics;
    } catch {
      throw new InputError(`${metricsFile(run)} is damaged: line ${i + 1} is not JSON`);
    }
  });
}

/** Deletes the lines of epochs that will be trained again, and a truncated last line. */
function truncateMetrics(run: string, firstEpoch: number): void {
  const kept = readMetrics(run).filter(({ epoch }) => epoch < firstEpoch);
  writeFileAtomic(metricsFile(run), kept.map((metrics) => `${JSON.stringify(metrics)}\n`).join(""));
}

export function writeSummary(run: string, summary: RunSummary): void {
  writeFileAtomic(summaryFile(run), `${JSON.stringify(summary, null, 2)}\n`);
}

/** Whether a run is finished. */
export const isFinished = (run: string) => existsSync(summaryFile(run));

/** The final figures. @throws InputError while the run has none. */
export function readSummary(run: string): RunSummary {
  if (!isFinished(run))
    throw new InputError(`${run} is not finished: it has no summary.json; resume it with ${option("resume")}`);
  try {
    return JSON.parse(readFileSync(summaryFile(run), "utf8")) as RunSummary;
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    throw new InputError(
      `${summaryFile(run)} cannot be read: ${reason}; delete it and resume the run with ${option("resume")}: it is written again`,
    );
  }
}
