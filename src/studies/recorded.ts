// Results of a study as small JSON files to keep beside the source: one for each row, with the final figures of its runs.
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { writeFileAtomic } from "../atomic-files.js";
import type { StudyResults, StudyRun } from "../reports/index.js";
import { readMetrics } from "../runs/index.js";
import { figuresAfter } from "./after-training.js";
import { expandStudy, isBuiltIn, type Settings, type StudyRow } from "./expand.js";
import { isTrained, type PlannedRun, planRuns, requireSameRecipe, summaryOf } from "./planned-runs.js";
import { chooseProfile, type FoundStudy } from "./read-study.js";
import { studyResults } from "./results.js";
import type { Profile } from "./schema.js";

/** The file of a row. */
interface RecordedRow {
  /** The recipe of its runs, without seed and data. */
  readonly recipe: Settings;
  readonly runs: readonly RecordedRun[];
}

interface RecordedRun extends Omit<StudyRun, "folder"> {
  /** The CPU of the machine that recorded it, which should be the one that trained it. */
  readonly cpu: string;
}

const fileOf = (folder: string, { slug }: StudyRow) => `${join(folder, slug)}.json`;

/** The rows of a profile for recipes that name no data, which results do not depend on. */
const rowsOf = ({ folder }: FoundStudy, profile: Profile, settings: Settings) =>
  expandStudy({ profile, folder, data: "data", settings });

/**
 * Records every finished run of a study's folder in `folder`, `<row>.json`. Runs of other seeds that are there already stay, but
 * for those of another recipe: they are dropped. Returns how many runs were recorded and how many dropped.
 * @param settings what the runs of `out` were started with on top of the study
 * @throws InputError for a run with another recipe than the study's, or with other built-in data.
 */
export function recordResults(
  study: FoundStudy,
  { profile: name, out, folder, settings }: { profile: string; out: string; folder: string; settings: Settings },
): { recorded: number; dropped: number } {
  const { profile } = chooseProfile(study, name);
  const total = { recorded: 0, dropped: 0 };
  for (const row of rowsOf(study, profile, settings)) {
    const runs = planRuns([row], seedsIn(join(out, row.slug)), out).filter(isTrained);
    for (const run of runs) requireSameRecipe(run, isBuiltIn(row.recipe.data) ? [] : ["data"]);
    if (runs.length > 0) total.dropped += recordRow(fileOf(folder, row), row, runs, profile);
    total.recorded += runs.length;
  }
  return total;
}

/** The seeds of the run folders of a row, `seed-<n>`. */
function seedsIn(folder: string): number[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => (/^seed-\d+$/.test(name) ? [Number(name.slice(5))] : []))
    .sort((a, b) => a - b);
}

/** Returns how many runs of another recipe it dropped. */
function recordRow(file: string, { recipe }: StudyRow, runs: readonly PlannedRun[], profile: Profile): number {
  const { data: _, ...kept } = recipe;
  const measured = runs.map((run) => recordedRun(run, profile));
  const before = existsSync(file) ? readRow(file) : null;
  const others = before?.runs.filter(({ seed }) => measured.every((run) => run.seed !== seed)) ?? [];
  const isSame = changedKeys(recipe, before?.recipe).length === 0;
  const row: RecordedRow = {
    recipe: kept,
    runs: [...(isSame ? others : []), ...measured].sort((a, b) => a.seed - b.seed),
  };
  mkdirSync(dirname(file), { recursive: true });
  writeFileAtomic(file, `${JSON.stringify(row, null, 2)}\n`);
  return isSame ? 0 : others.length;
}

/** The figures that the study's tables and figures need; those of single scores and epochs only where it shows them. */
function recordedRun(run: PlannedRun, profile: Profile): RecordedRun {
  const { draw } = profile;
  const { scores, ...summary } = summaryOf(run);
  const curve = readMetrics(run.folder).map(({ epoch, lr, trainLoss, testAccuracy, robustAccuracy, ...rest }) => {
    const { seconds, imagesPerSecond } = rest;
    const figures = {
      ...(testAccuracy != null && { testAccuracy }),
      ...(robustAccuracy != null && { robustAccuracy }),
    };
    return { epoch, lr, trainLoss, ...figures, seconds, imagesPerSecond };
  });
  return {
    seed: run.seed,
    cpu: cpus()[0]?.model ?? "unknown",
    summary: { ...summary, scores: draw === "coverage" ? scores : null },
    metrics: draw === "epochs" || draw === "robust" ? curve : [],
    ...figuresAfter(run.folder, profile),
  };
}

const readRow = (file: string) => JSON.parse(readFileSync(file, "utf8")) as RecordedRow;

/** The results recorded in a folder for a profile of a study; rows without a file have no runs. */
export function readRecorded(study: FoundStudy, profileName: string, folder: string): StudyResults {
  const { profile } = chooseProfile(study, profileName);
  const rows = rowsOf(study, profile, {});
  const recorded = new Map(
    rows.flatMap((row) => {
      const file = fileOf(folder, row);
      return existsSync(file) ? [[row.slug, readRow(file)] as const] : [];
    }),
  );
  const settings = [...new Set(rows.flatMap((row) => changedKeys(row.recipe, recorded.get(row.slug)?.recipe)))];
  const runsOf = ({ slug }: StudyRow) => recorded.get(slug)?.runs.map((run) => ({ ...run, folder: "" })) ?? [];
  const planned = rows.reduce((sum, { seeds }) => sum + seeds.length, 0);
  return studyResults({ study: study.study, profileName, profile, settings }, rows, runsOf, planned);
}

/** Where a recorded recipe is not the study's: `epochs=2`, null for a key that it lacked. */
function changedKeys({ data: _, ...own }: Settings, recorded: Settings | undefined): string[] {
  if (recorded === undefined) return [];
  const keys = [...new Set([...Object.keys(own), ...Object.keys(recorded)])];
  const changed = keys.filter((key) => JSON.stringify(own[key]) !== JSON.stringify(recorded[key]));
  return changed.map((key) => `${key}=${JSON.stringify(recorded[key] ?? null)}`);
}
