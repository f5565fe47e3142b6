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
  return {
    title: study.title,
    shows: study.shows,
    profile: profileName,
    settings,
    draw: profile.draw,
    axisLabel: profile.grid === undefined ? null : (profile.grid.label ?? profile.grid.axis),
    interpolation: profile.interpolation ?? null,
    baseline: profile.baseline ?? null,
    planned: runs.length,
    rows: rows.map(({ slug, recipe, ...row }) => ({
      ...row,
      runs: finished.filter((run) => run.row.slug === slug).map(readRun),
    })),
  };
}

function readRun(run: PlannedRun): StudyRun {
  const { seed, folder } = run;
  return { seed, folder, summary: summaryOf(run), metrics: readMetrics(folder) };
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
