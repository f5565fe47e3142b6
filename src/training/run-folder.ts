// The folder of a run: what is written into it, and what is read back.
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { writeNpy } from "../data/index.js";
import { InputError } from "../errors.js";
import { libtorchVersion } from "../torch/index.js";
import { version } from "../version.js";
import { writeFileWhole, writing } from "./files.js";
import type { Prepared } from "./prepare.js";
import { parseRecipe, type Recipe } from "./recipe.js";
import type { EpochMetrics, RunSummary } from "./run-types.js";

/** What the options alone do not say of a run: part of its `recipe.yaml`, under `resolved`. */
export interface RunFacts {
  readonly format: string;
  readonly classes: readonly string[];
  readonly sampleShape: readonly number[];
  readonly trainSize: number;
  readonly normalisation: { readonly mean: readonly number[]; readonly std: readonly number[] };
  readonly fingerprint: string;
  readonly versions: Readonly<Record<string, string>>;
}

export interface RunRecipe {
  readonly recipe: Recipe;
  readonly facts: RunFacts;
}

const recipeFile = (run: string) => join(run, "recipe.yaml");
const metricsFile = (run: string) => join(run, "metrics.jsonl");

function factsOf({ format, classes, train, trainIndices, normalisation, fingerprint }: Prepared): RunFacts {
  return {
    format,
    classes,
    sampleShape: train.shape,
    trainSize: trainIndices.length,
    normalisation,
    fingerprint,
    versions: { selfadapt: version, libtorch: libtorchVersion(), node: process.versions.node },
  };
}

/** Whether a folder holds a run. */
export function holdsRun(run: string): boolean {
  return existsSync(recipeFile(run));
}

/**
 * Makes the folder of a new run, with its recipe and its noise.
 * @throws InputError when it holds something already, or cannot be written.
 */
export function createRun(run: string, prepared: Prepared): void {
  if (holdsRun(run))
    throw new InputError(`${run} holds a run already; go on with it by --resume, or choose another --out`);
  writing(run, () => mkdirSync(run, { recursive: true }));
  if (readdirSync(run).length > 0) throw new InputError(`${run} is not empty and holds no run; choose another --out`);
  if (prepared.noise.length > 0) {
    const noise = writeNpy(BigInt64Array.from(prepared.noise, BigInt), [prepared.noise.length / 2, 2]);
    writeFileWhole(join(run, "noisy_idx_labels.npy"), noise);
  }
  writeFileWhole(recipeFile(run), stringify({ ...prepared.recipe, resolved: factsOf(prepared) }, { lineWidth: 0 }));
}

/** The recipe that a run was made by. @throws InputError where the folder holds none, or it cannot be read. */
export function readRunRecipe(run: string): RunRecipe {
  if (!holdsRun(run))
    throw new InputError(`${run} holds no run; expected a folder with recipe.yaml, as train --out makes it`);
  const { resolved, ...recipe } = parse(readFileSync(recipeFile(run), "utf8")) as Record<string, unknown>;
  return { recipe: parseRecipe(recipe), facts: resolved as RunFacts };
}

export function appendMetrics(run: string, metrics: EpochMetrics): void {
  writing(metricsFile(run), () => appendFileSync(metricsFile(run), `${JSON.stringify(metrics)}\n`));
}

/** The epochs written so far; a last line that was cut short does not count. */
export function readMetrics(run: string): EpochMetrics[] {
  if (!existsSync(metricsFile(run))) return [];
  const lines = readFileSync(metricsFile(run), "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as EpochMetrics);
}

/** Drops the lines of epochs that will be trained again. */
export function cutMetrics(run: string, firstEpoch: number): void {
  const kept = readMetrics(run).filter(({ epoch }) => epoch < firstEpoch);
  writeFileWhole(metricsFile(run), kept.map((metrics) => `${JSON.stringify(metrics)}\n`).join(""));
}

export function writeTargets(run: string, targets: Float32Array, shape: readonly number[]): void {
  writeFileWhole(join(run, "targets.npy"), writeNpy(targets, shape));
}

export function writeSummary(run: string, summary: RunSummary): void {
  writeFileWhole(join(run, "summary.json"), `${JSON.stringify(summary, null, 2)}\n`);
}

/** The final figures. @throws InputError while the run has none. */
export function readSummary(run: string): RunSummary {
  const path = join(run, "summary.json");
  if (!existsSync(path))
    throw new InputError(`${run} is not finished: it has no summary.json; go on with it by --resume`);
  return JSON.parse(readFileSync(path, "utf8")) as RunSummary;
}
