// A series of attacks: on the weights of every kept epoch, or with several radii.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { withWriteErrors, writeFileAtomic } from "../../atomic-files.js";
import { csvText } from "../../csv-text.js";
import { InputError } from "../../errors.js";
import { option } from "../../options/index.js";
import { keptEpochs } from "../../runs/checkpoint.js";
import { distributed } from "../../torch/index.js";
import { type AttackRunOptions, type AttackTarget, attackTarget, openTarget } from "./attack-run.js";
import { isStopped, readResult } from "./folder.js";
import type { AttackResult } from "./result.js";
import type { AttackSettings } from "./settings.js";
import { settingsOf } from "./settings.js";

/** A series of attacks: `series.json` of a folder in `attacks/`. */
export interface AttackSeries {
  readonly over: "epoch" | "epsilon";
  readonly results: readonly AttackResult[];
}

export type AttackSeriesOptions = Omit<AttackRunOptions, "checkpoint" | "epsilon"> &
  (
    | {
        /** The first and the last epoch; all kept epochs in this range are attacked. */
        readonly epochs: readonly [number, number];
        readonly epsilon?: number | undefined;
      }
    | {
        readonly epsilons: readonly number[];
        readonly checkpoint?: AttackSettings["checkpoint"] | undefined;
      }
  );

export interface RunAttackSeries {
  /** The results so far; all of them unless the signal stopped the series. */
  readonly results: readonly AttackResult[];
  readonly finished: boolean;
  readonly folder: string;
}

/** The settings of a series. */
interface Plan {
  readonly over: AttackSeries["over"];
  readonly data: string;
  readonly settings: readonly AttackSettings[];
}

/**
 * One attack on the weights of every epoch kept, for the curve of robust overfitting, or in several radii. Each is an
 * attack with its own folder that can be resumed; `series.json` and `series.csv` have a row for each.
 * @throws InputError as `attackRun` does, and for epochs of which the run kept none.
 */
export async function attackSeries(run: string, options: AttackSeriesOptions): Promise<RunAttackSeries> {
  const target = await openTarget(run, options);
  const plan = planOf(target, options);
  const folder = options.out ?? defaultFolder(run, plan);
  const { group = distributed.soloGroup } = options;
  requireBegun(folder, plan, options.resume === true);
  await group.barrier();
  if (group.rank === 0) begin(folder, plan);
  const results: AttackResult[] = [];
  for (const settings of plan.settings) {
    const subfolder = join(folder, nameOf(plan, settings));
    // In a resumed series some attacks are finished, one was stopped, and the rest has not started.
    const resume = isStopped(subfolder) || readResult(subfolder) !== null;
    const { result } = await attackTarget(
      results.length === 0 ? target : { ...target, notes: [] },
      settings,
      subfolder,
      {
        ...options,
        resume,
      },
    );
    if (result === null) return { results, finished: false, folder };
    results.push(result);
    if (group.rank === 0) writeSeries(folder, plan, results);
  }
  return { results, finished: true, folder };
}

function planOf({ run, runRecipe, data: { fingerprint } }: AttackTarget, options: AttackSeriesOptions): Plan {
  const one = (more: Partial<AttackSettings>) => settingsOf({ ...options, ...more }, runRecipe.recipe);
  if ("epsilons" in options) {
    const settings = options.epsilons.map((epsilon) => one({ epsilon }));
    return { over: "epsilon", data: fingerprint, settings };
  }
  const [first, last] = options.epochs;
  const available = keptEpochs(run);
  const chosen = available.filter((epoch) => epoch >= first && epoch <= last);
  if (chosen.length === 0) {
    const has =
      available.length === 0 ? `none (${option("keepFrom")} keeps them)` : `${available[0]} to ${available.at(-1)}`;
    throw new InputError(
      `${option("checkpoints")}: received ${first}-${last}; ${run} has kept the weights of the epochs: ${has}`,
    );
  }
  return { over: "epoch", data: fingerprint, settings: chosen.map((checkpoint) => one({ checkpoint })) };
}

function defaultFolder(run: string, plan: Plan): string {
  const digest = createHash("sha256").update(JSON.stringify(plan)).digest("hex").slice(0, 8);
  return join(run, "attacks", `${plan.settings[0]?.attack}-by-${plan.over}-${digest}`);
}

const planFile = (folder: string) => join(folder, "plan.json");
const seriesFile = (folder: string) => join(folder, "series.json");
const nameOf = ({ over }: Plan, { checkpoint, epsilon }: AttackSettings) =>
  over === "epoch" ? `epoch-${String(checkpoint).padStart(4, "0")}` : `epsilon-${epsilon}`;

/** @throws InputError when the series cannot be started or resumed in the folder. */
function requireBegun(folder: string, plan: Plan, resume: boolean): void {
  const exists = existsSync(planFile(folder));
  if (resume && !exists) {
    throw new InputError(
      `${option("resume")}: received other settings than any series of attacks was started with: there is no ${folder}`,
    );
  }
  if (resume && !isDeepStrictEqual(JSON.parse(readFileSync(planFile(folder), "utf8")), plan)) {
    throw new InputError(
      `${option("resume")}: received other settings than the attacks in ${folder} were started with`,
    );
  }
  if (!resume && exists) {
    throw new InputError(
      `${folder} holds these attacks; resume them with ${option("resume")}, or choose another ${option("out")}`,
    );
  }
}

/** Prepares the folder of a series. @throws InputError when it holds something else. */
function begin(folder: string, plan: Plan): void {
  withWriteErrors(folder, () => mkdirSync(folder, { recursive: true }));
  if (existsSync(planFile(folder))) return;
  const [unexpected] = withWriteErrors(folder, () => readdirSync(folder));
  if (unexpected !== undefined)
    throw new InputError(`${option("out")}: ${folder} holds ${unexpected}; expected an empty folder`);
  writeFileAtomic(planFile(folder), `${JSON.stringify(plan, null, 2)}\n`);
}

const columns = ["epoch", "epsilon", "naturalAccuracy", "robustAccuracy", "low", "high", "samples", "seconds"];

function writeSeries(folder: string, { over }: Plan, results: readonly AttackResult[]): void {
  const rows = results.map(({ epoch, epsilon, naturalAccuracy, robustAccuracy, intervals, samples, seconds }) => {
    return [epoch, epsilon, naturalAccuracy, robustAccuracy, ...intervals.robustAccuracy, samples, seconds];
  });
  writeFileAtomic(join(folder, "series.csv"), csvText(columns, rows));
  const series: AttackSeries = { over, results };
  writeFileAtomic(seriesFile(folder), `${JSON.stringify(series, null, 2)}\n`);
}

/** The results of a series so far, or null where a folder holds none. */
export function readSeries(folder: string): AttackSeries | null {
  return existsSync(seriesFile(folder)) ? (JSON.parse(readFileSync(seriesFile(folder), "utf8")) as AttackSeries) : null;
}
