// The results of a study so far: read from its run folders, written next to them.

import { join } from "node:path";
import { writeFileAtomic } from "../atomic-files.js";
import {
  renderPlot,
  type StudyResults,
  type StudyRun,
  studyCsv,
  studyFigure,
  studyJson,
  studyMarkdown,
  studyRunsCsv,
} from "../reports/index.js";
import { readMetrics } from "../runs/index.js";
import { figuresAfter } from "./after-training.js";
import type { StudyRow } from "./expand.js";
import { dataOfRun, requireOneData } from "./one-data.js";
import { isTrained, type PlannedRun, summaryOf } from "./planned-runs.js";
import type { Profile, Study } from "./schema.js";

interface Described {
  readonly study: Study;
  readonly profileName: string;
  readonly profile: Profile;
  /** What the user set: `epochs=2`. */
  readonly settings: readonly string[];
}

/**
 * The results of the finished ones among the runs, in the rows' order.
 * @throws InputError when two runs on one folder of data were trained on different data, and where what a run wrote cannot be read.
 */
export function collectResults(
  { study, profileName, profile, settings }: Described,
  runs: readonly PlannedRun[],
): StudyResults {
  const finished = runs.filter(isTrained);
  requireOneData(finished.map(dataOfRun));
  const rows = [...new Set(runs.map(({ row }) => row))];
  const runsOf = ({ slug }: StudyRow) =>
    finished.filter((run) => run.row.slug === slug).map((run) => readRun(run, profile));
  return studyResults({ study, profileName, profile, settings }, rows, runsOf, runs.length);
}

/** A study with the runs of its rows as reports take it. */
export function studyResults(
  { study, profileName, profile, settings }: Described,
  rows: readonly StudyRow[],
  runsOf: (row: StudyRow) => readonly StudyRun[],
  planned: number,
): StudyResults {
  return {
    title: study.title,
    shows: study.shows,
    profile: profileName,
    settings,
    draw: profile.draw,
    axisLabel: profile.grid === undefined ? null : (profile.grid.label ?? profile.grid.axis),
    interpolation: profile.interpolation ?? null,
    baseline: profile.baseline ?? null,
    matrix: profile.matrix === undefined ? null : matrixOf(profile.matrix),
    planned,
    rows: rows.map((row) => {
      const { slug, recipe, seeds, ...shown } = row;
      return { ...shown, runs: runsOf(row) };
    }),
  };
}

const matrixOf = ({ baseline, parts }: NonNullable<Profile["matrix"]>) => ({
  baseline,
  parts: parts.map(({ name, title }) => ({ name, title })),
});

function readRun(run: PlannedRun, profile: Profile): StudyRun {
  const { seed, folder } = run;
  return { seed, folder, summary: summaryOf(run), metrics: readMetrics(folder), ...figuresAfter(folder, profile) };
}

/** Writes the table, its figures and its drawing into the study's folder; gives what `results.json` holds. */
export async function writeResults(out: string, results: StudyResults): Promise<ReturnType<typeof studyJson>> {
  const json = studyJson(results);
  const figure = studyFigure(results);
  const write = (name: string, text: string) => writeFileAtomic(join(out, name), text);
  if (figure !== null) write("results.svg", await renderPlot(figure));
  write("results.md", studyMarkdown(results));
  write("results.csv", studyCsv(results));
  write("runs.csv", studyRunsCsv(results));
  write("results.json", `${JSON.stringify(json, null, 2)}\n`);
  return json;
}
