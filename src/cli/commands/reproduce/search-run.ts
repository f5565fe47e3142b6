// Runs the search of a study: rung by rung, the better trials going on, to the recipe of the best.
import { fileURLToPath } from "node:url";
import { counted, percent, roughDuration } from "../../../format.js";
import {
  estimateFullSeconds,
  hasReached,
  heldOutAccuracy,
  type PlannedRun,
  planTrials,
  type Rung,
  ranked,
  recipeFileIn,
  resultOf,
  rungsOf,
  runsTo,
  type Search,
  type SearchResults,
  type StudyRow,
  scoreOf,
  searchTable,
  secondsOfAll,
  survivors,
  type Trial,
  type TrialResult,
  writeSearch,
} from "../../../studies/index.js";
import { chooseDevice, setThreads } from "../../../torch/index.js";
import { log, printResult, table } from "../../shared/output.js";
import { quoted } from "../../shared/quoted.js";
import { stopOnSignals } from "../../shared/signals.js";
import type { ReproduceOptions } from "./reproduce-options.js";
import { costLine } from "./reproduce-text.js";
import { divideCores, type Work } from "./study-jobs.js";
import { trainAll } from "./study-training.js";

interface SearchPlan {
  readonly study: { readonly title: string };
  readonly search: Search;
  readonly rows: readonly StudyRow[];
  readonly seeds: readonly number[];
  readonly out: string;
}

/** The work of a search, and what it costs. */
interface Prepared extends SearchPlan {
  readonly trials: readonly Trial[];
  readonly rungs: readonly Rung[];
  /** Seconds of an epoch of each trial's runs. */
  readonly perEpoch: ReadonlyMap<Trial, number>;
  readonly work: Work;
}

/**
 * Searches, or resumes a search: each rung's trials go on from where the one before left them.
 * @throws InputError for an invalid recipe or data, before anything is trained.
 */
export async function searchStudy(plan: SearchPlan, options: ReproduceOptions): Promise<void> {
  const trials = planTrials(plan.rows, plan.seeds, plan.out);
  const work = divideCores(options, chooseDevice(String(plan.rows[0]?.recipe.device ?? "auto")));
  setThreads(work.threads);
  const rungs = rungsFor(plan.search, trials);
  const full = await estimateFullSeconds(trials.map(({ runs }) => runs[0]!));
  const perEpoch = new Map(trials.map((trial, i) => [trial, full[i]! / trial.epochs]));
  const prepared = { ...plan, trials, rungs, perEpoch, work };
  log(`${rungs.map(rungText).join(", then ")}: about ${roughDuration(expectedSeconds(prepared))} in all`);
  if (options.dryRun) printPlan(prepared, options);
  else await runSearch(prepared, options);
}

function rungsFor({ strategy, trials: count, eta, minEpochs }: Search, trials: readonly Trial[]): Rung[] {
  const epochs = trials[0]!.epochs;
  return strategy === "random" ? [{ epochs, trials: count }] : rungsOf({ trials: count, epochs, eta, minEpochs });
}

const rungText = ({ trials, epochs }: Rung) => `${counted(trials, "trial")} to ${counted(epochs, "epoch")}`;

/** Of all rungs, as if nothing were trained yet, with trials of average cost. */
function expectedSeconds({ trials, rungs, perEpoch, seeds, work }: Prepared): number {
  const mean = trials.reduce((sum, trial) => sum + perEpoch.get(trial)!, 0) / trials.length;
  return rungs.reduce((sum, rung, k) => {
    const epochs = rung.epochs - (rungs[k - 1]?.epochs ?? 0);
    return sum + secondsOfAll(new Array(rung.trials * seeds.length).fill(mean * epochs), work.jobs);
  }, 0);
}

function printPlan(prepared: Prepared, { json }: ReproduceOptions): void {
  const { out, rungs, work, trials } = prepared;
  const planned = trials.map((trial) => resultOf(trial, 0, null));
  const { header, rows } = searchTable({ trials: planned });
  const expected = expectedSeconds(prepared);
  printResult(json, { out, ...work, rungs, trials: planned, expectedSeconds: expected }, [
    ...table(
      header.slice(0, -2),
      rows.map((row) => row.slice(0, -2)),
    ),
    "",
    "dry run: nothing was written",
  ]);
}

async function runSearch(prepared: Prepared, { json }: ReproduceOptions): Promise<void> {
  const signals = stopOnSignals(() => log("stopping the runs after their step; a second signal ends them at once"));
  try {
    const { results, best } = await climb(prepared, signals.signal);
    writeSearch(prepared.out, results, best);
    if (json || results.trials.length > 0) printResult(json, { ...results, out: prepared.out }, resultLines(results));
    if (signals.signal.aborted) log("stopped and saved; run the same command to resume");
    process.exitCode = signals.signal.aborted ? signals.status() : best === null ? 1 : 0;
  } finally {
    signals.release();
  }
}

/** Trains rung by rung. A trial that fails, as one whose loss diverges, does not go on. */
async function climb(prepared: Prepared, signal: AbortSignal): Promise<{ results: SearchResults; best: Trial | null }> {
  const { study, search, rungs, trials, out } = prepared;
  const latest = new Map<Trial, TrialResult>();
  let left = trials;
  for (const [k, { epochs, trials: count }] of rungs.entries()) {
    if (k > 0) left = survivors(left, (trial) => latest.get(trial)?.heldOutAccuracy ?? null, count);
    await trainTo(epochs, left, prepared, signal);
    if (signal.aborted) break;
    for (const trial of left) latest.set(trial, resultOf(trial, epochs, scoreOf(trial, epochs)));
  }
  const all = ranked([...latest.values()]);
  const isLast = all[0]?.epochs === rungs.at(-1)?.epochs;
  const finished = !signal.aborted && isLast && typeof all[0]?.heldOutAccuracy === "number";
  if (!signal.aborted && !finished) log(`no trial was trained to ${rungs.at(-1)?.epochs} epochs: there is no best one`);
  const best = (finished && trials.find(({ row }) => row.name === all[0]?.trial)) || null;
  const recipe = best === null ? null : { trial: best.row.name, recipe: recipeFileIn(out) };
  return { results: { title: study.title, strategy: search.strategy, rungs, trials: all, best: recipe }, best };
}

async function trainTo(
  epochs: number,
  trials: readonly Trial[],
  { perEpoch, work }: Prepared,
  signal: AbortSignal,
): Promise<void> {
  const runs = trials.flatMap((trial) =>
    runsTo(trial, epochs).map((run) => ({ run, seconds: perEpoch.get(trial)! * epochs })),
  );
  const pending = runs.filter(({ run }) => !hasReached(run, epochs));
  const expected = pending.map(({ seconds }) => seconds);
  log(
    `to ${counted(epochs, "epoch")}: ${costLine({ expected, jobs: work.jobs, finished: runs.length - pending.length })}`,
  );
  const main = fileURLToPath(new URL("../../main.js", import.meta.url));
  const figureOf = (run: PlannedRun) => `${percent(heldOutAccuracy(run, epochs))} on held-out samples`;
  await trainAll(
    pending.map(({ run }) => run),
    expected,
    { ...work, main, signal, figureOf },
  );
}

function resultLines(results: SearchResults): string[] {
  const { header, rows } = searchTable(results);
  const lines = table(header, rows);
  if (results.best === null) return lines;
  const { trial, recipe } = results.best;
  return [...lines, "", `best: ${trial}; to train it: selfadapt train ${quoted(recipe)}`];
}
