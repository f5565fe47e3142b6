// What `reproduce` does once its flags are read: plan, estimate, train what is not yet trained, write the results.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../../../errors.js";
import { studyLines } from "../../../reports/index.js";
import {
  chooseProfile,
  collectResults,
  estimateSeconds,
  expandStudy,
  isFinished,
  type PlannedRun,
  planRuns,
  readStudy,
  requireData,
  requireSameRecipe,
  secondsOfAll,
  selectRows,
  writeResults,
} from "../../../studies/index.js";
import { chooseDevice, setThreads } from "../../../torch/index.js";
import { log, printResult } from "../../shared/output.js";
import { readSetting } from "../../shared/recipe-options.js";
import type { SharedOptions } from "../../shared/shared-options.js";
import { stopOnSignals } from "../../shared/signals.js";
import { costLine, planLines } from "./reproduce-text.js";
import { shareOut, type Work } from "./study-jobs.js";
import { trainAll } from "./study-training.js";

export interface ReproduceFlags extends SharedOptions {
  readonly profile?: string;
  readonly data?: string;
  readonly out?: string;
  readonly seeds?: readonly number[];
  readonly only?: readonly string[];
  readonly jobs?: number;
  readonly set: readonly string[];
  readonly device?: string;
  readonly dryRun: boolean;
}

type Plan = ReturnType<typeof planStudy>;

/** Every run of the study, those asked for, and where they go. */
function planStudy(table: string, flags: ReproduceFlags) {
  const found = readStudy(table);
  const { name: profileName, profile } = chooseProfile(found, flags.profile);
  const given = Object.fromEntries(flags.set.map(readSetting));
  const settings = { ...given, ...(flags.device !== undefined && { device: flags.device }) };
  const rows = expandStudy({ profile, folder: found.folder, data: flags.data, settings });
  const out = flags.out ?? join("runs", `${found.name}-${profileName}`);
  const seeds = flags.seeds ?? profile.seeds;
  const chosen = selectRows(rows, profile.grid?.axis, flags.only);
  for (const row of chosen) requireData(row);
  const selected = planRuns(chosen, seeds, out);
  const all = planRuns(rows, seeds, out);
  return { study: found.study, profileName, profile, settings: flags.set, out, all, selected };
}

/**
 * Runs a study, or goes on with it.
 * @throws InputError for a study, a recipe or data that is not right, before anything is trained.
 */
export async function reproduce(table: string, flags: ReproduceFlags): Promise<void> {
  if (flags.out === "") throw new InputError("--out: received an empty name; expected the folder of the study");
  const plan = planStudy(table, flags);
  for (const run of plan.all) requireSameRecipe(run);
  const work = shareOut(flags, chooseDevice(String(plan.selected[0]?.recipe.device ?? "auto")));
  const pending = plan.selected.filter((run) => !isFinished(run));
  const { measuredCost } = plan.profile;
  if (measuredCost !== undefined) log(`the profile has taken ${measuredCost}`);
  const expected = await expectedSeconds(pending, plan.all.filter(isFinished), work);
  log(costLine({ expected, jobs: work.jobs, finished: plan.selected.length - pending.length }));
  if (flags.dryRun) printResult(flags.json, dryRunFacts(plan, pending, expected, work), planLines(plan.selected));
  else await train(plan, pending, expected, work, flags);
}

/** By the threads that each run will have. */
async function expectedSeconds(
  pending: readonly PlannedRun[],
  finished: readonly PlannedRun[],
  { threads }: Work,
): Promise<number[]> {
  if (pending.length === 0) return [];
  if (threads !== undefined) setThreads(threads);
  return estimateSeconds(pending, finished);
}

function dryRunFacts({ out, selected }: Plan, pending: readonly PlannedRun[], expected: readonly number[], work: Work) {
  const runs = selected.map(({ row, seed, recipe, folder }) => ({ row: row.name, seed, folder, recipe }));
  return { out, ...work, runs, pending: pending.length, expectedSeconds: secondsOfAll(expected, work.jobs) };
}

async function train(
  plan: Plan,
  pending: readonly PlannedRun[],
  expected: readonly number[],
  work: Work,
  { json }: ReproduceFlags,
): Promise<void> {
  // Where there is a bar, the cursor stands behind it.
  const line = process.stderr.isTTY ? "\n" : "";
  const signals = stopOnSignals(() => log(`${line}stopping the runs after their step; once more ends them at once`));
  const main = fileURLToPath(new URL("../../main.js", import.meta.url));
  try {
    const failed = await trainAll(pending, expected, { ...work, main, signal: signals.signal });
    await finish(plan, failed, json);
    if (signals.signal.aborted) log("stopped, and saved; the same command goes on");
    process.exitCode = signals.signal.aborted ? signals.status() : failed > 0 ? 1 : 0;
  } finally {
    signals.release();
  }
}

/** Of the rows asked for, and of those that have been run before. */
function shownRuns({ all, selected }: Plan): PlannedRun[] {
  const asked = new Set(selected.map(({ row }) => row));
  const begun = new Set(all.filter(isFinished).map(({ row }) => row));
  return all.filter(({ row }) => asked.has(row) || begun.has(row));
}

async function finish(plan: Plan, failed: number, json: boolean): Promise<void> {
  const results = collectResults(plan, shownRuns(plan));
  if (plan.all.some(isFinished)) {
    const written = await writeResults(plan.out, results);
    printResult(json, { ...written, failed, out: plan.out }, [
      ...studyLines(results),
      "",
      `results: ${join(plan.out, "results.md")}`,
    ]);
  } else if (json) {
    printResult(json, { finished: 0, failed, out: plan.out }, []);
  }
}
