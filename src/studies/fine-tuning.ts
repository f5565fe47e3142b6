// The fine-tuning that a study does from each of its networks: training with few labels, in run folders next to the run's.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { InputError } from "../errors.js";
import { option } from "../options/index.js";
import type { FineTuned } from "../reports/index.js";
import { isFinished, readRunRecipe, readSummary } from "../runs/index.js";
import type { Settings } from "./expand.js";
import type { PlannedRun } from "./planned-runs.js";
import type { Profile } from "./schema.js";

type FineTuning = NonNullable<Profile["fineTune"]>;

const folderOf = (run: string, samples: number) => `${run}-fine-tuned-${samples}`;

/** What fine-tuning takes over from the run: its data and its network. */
const shared = ["data", "format", "model", "width", "stem", "imageSize", "precision", "kernels", "device", "seed"];

/** The finished fine-tuning from a run, by the number of labeled samples. */
export function fineTunedFrom(run: string, plan: FineTuning): FineTuned[] {
  const finished = plan.samples.filter((samples) => isFinished(folderOf(run, samples)));
  return finished.map((samples) => ({ samples, testAccuracy: readSummary(folderOf(run, samples)).testAccuracy }));
}

/**
 * The commands that are left to do on a trained run, each as words: one for each number of labeled samples.
 * @throws InputError for one that was begun with other settings.
 */
export function fineTuningLeft(run: PlannedRun, plan: FineTuning | undefined): string[][] {
  const left = plan?.samples.filter((samples) => !isFinished(folderOf(run.folder, samples))) ?? [];
  return left.map((samples) => words(run, samples, plan?.set ?? {}));
}

function words({ folder, recipe }: PlannedRun, samples: number, set: Settings): string[] {
  const out = folderOf(folder, samples);
  const kept = Object.entries(recipe).filter(([key]) => shared.includes(key));
  const settings = { ...Object.fromEntries(kept), weights: resolve(folder), limitTrain: samples, ...set };
  if (!existsSync(join(out, "recipe.yaml")))
    return ["train", ...Object.entries(settings).flatMap(setting), "--out", out];
  requireSettings(out, settings);
  return ["train", "--resume", "--data", String(recipe.data), "--out", out];
}

const setting = ([key, value]: readonly [string, unknown]) => ["--set", `${key}=${JSON.stringify(value)}`];

function requireSettings(out: string, settings: Settings): void {
  const before = readRunRecipe(out).recipe as unknown as Settings;
  const other = Object.keys(settings).find((key) => key !== "data" && !isDeepStrictEqual(before[key], settings[key]));
  if (other === undefined) return;
  throw new InputError(
    `${out} holds a run with ${other} ${before[other]}; received ${other} ${settings[other]}: choose another ${option("out")}`,
  );
}
