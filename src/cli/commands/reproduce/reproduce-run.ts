// Runs `reproduce`: plan, estimate, train what is not yet trained, write the results.
import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../../../errors.js";
import { option } from "../../../options/index.js";
import { studyLines } from "../../../reports/index.js";
import {
  chooseProfile,
  collectResults,
  commandsLeft,
  estimateSeconds,
  expandStudy,
  isDone,
  isTrained,
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
import { stopOnSignals } from "../../shared/signals.js";
import type { ReproduceOptions } from "./reproduce-options.js";
import { costLine, planLines } from "./reproduce-text.js";
import { searchStudy } from "./search-run.js";
import { divideCores, type Work } from "./study-jobs.js";
import { trainAll } from "./study-training.js";

type Plan = ReturnType<typeof planStudy>;

/** Every run of the study, the selected ones, and their folder. */
function planStudy(table: string, options: ReproduceOptions) {
  const named = readStudy(table);
  const { name: profileName, profile } = chooseProfile(named, options.profile);
  const given = Object.fromEntries(options.set.map(readSetting));
  const settings = { ...given, ...(options.device !== undefined && { device: options.device }) };
  const rows = expandStudy({ profile, folder: named.folder, data: options.data, settings });
  const out = options.out ?? join("runs", `${named.name}-${profileName}`);
  if (statSync(out, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new InputError(`${option("out", out)} is a file; expected a folder`);
  }
  if (profile.search !== undefined && options.only !== undefined)
    throw new InputError(`${option("only")}: received ${options.only.join(",")}; a search goes through all its trials`);
  const chosen = selectRows(rows, profile.grid?.axis, options.only);
  for (const row of chosen) requireData(row);
  const selected = planRuns(chosen, options.seeds, out);
  const all = planRuns(rows, options.seeds, out);
  return {
    study: named.study,
    profileName,
    profile,
    settings: options.set,
    out,
    rows: chosen,
    seeds: options.seeds ?? profile.seeds,
    all,
    selected,
  };
}

/**
 * Runs a study, or resumes it.
 * @throws InputError for an invalid study, recipe or data, before anything is trained.
 */
export async function reproduce(table: string, options: ReproduceOptions): Promise<void> {
  const plan = planStudy(table, options);
  if (plan.profile.search !== undefined) return searchStudy({ ...plan, search: plan.profile.search }, options);
  for (const run of plan.all) requireSameRecipe(run);
  const work = divideCores(options, chooseDevice(String(plan.selected[0]?.recipe.device ?? "auto")));
  const { profile } = plan;
  const { measuredCost } = profile;
  const pending = plan.selected.filter((run) => !isDone(run, profile));
  if (measuredCost !== undefined) log(`measured time of this profile: ${measuredCost}`);
  const expected = await expectedSeconds(pending, plan.all.filter(isTrained), work);
  log(costLine({ expected, jobs: work.jobs, finished: plan.selected.length - pending.length }));
  if (options.dryRun) printResult(options.json, dryRunFacts(plan, pending, expected, work), planLines(plan.selected));
  else await train(plan, pending, expected, work, options);
}

/** The estimate for so many runs takes a moment only. */
const quicklyEstimated = 10;

/** Estimated with the number of threads that each run will have. */
async function expectedSeconds(
  pending: readonly PlannedRun[],
  finished: readonly PlannedRun[],
  { threads }: Work,
): Promise<number[]> {
  if (pending.length === 0) return [];
  if (pending.length > quicklyEstimated) log("estimating the time: a few steps of each kind of run");
  setThreads(threads);
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
  { json }: ReproduceOptions,
): Promise<void> {
  // With a bar, the cursor is at its end.
  const line = process.stderr.isTTY ? "\n" : "";
  const signals = stopOnSignals(() =>
    log(`${line}stopping the runs after their step; a second signal ends them at once`),
  );
  const main = fileURLToPath(new URL("../../main.js", import.meta.url));
  const after = (run: PlannedRun) => commandsLeft(run, plan.profile);
  try {
    const failed = await trainAll(pending, expected, { ...work, main, after, signal: signals.signal });
    await finish(plan, failed, json);
    if (signals.signal.aborted) log("stopped and saved; run the same command to resume");
    process.exitCode = signals.signal.aborted ? signals.status() : failed > 0 ? 1 : 0;
  } finally {
    signals.release();
  }
}

/** The runs of the selected rows and of rows that have finished runs. */
function reportedRuns({ all, selected }: Plan): PlannedRun[] {
  const requested = new Set(selected.map(({ row }) => row));
  const finished = new Set(all.filter(isTrained).map(({ row }) => row));
  return all.filter(({ row }) => requested.has(row) || finished.has(row));
}

async function finish(plan: Plan, failed: number, json: boolean): Promise<void> {
  const results = collectResults(plan, reportedRuns(plan));
  if (plan.all.some(isTrained)) {
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
