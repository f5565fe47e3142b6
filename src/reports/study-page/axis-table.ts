// The table of a grid: test and training error of every series at every value of the axis.

import { percent } from "../../format.js";
import type { Spread } from "../../metrics/index.js";
import { spreadNote, spreadText } from "./spread-text.js";
import { interpolationThreshold, lastEpoch, spreadOver } from "./statistics.js";
import type { StudyResults, StudyRowResults, StudyTable } from "./types.js";

/** A line for each value of the axis; series with published values have a column of them. */
export function axisTable(results: StudyResults): StudyTable {
  const { rows, axisLabel } = results;
  const series = [...new Set(rows.map(({ series = "" }) => series))];
  const values = [...new Set(rows.map(({ at = 0 }) => at))].sort((a, b) => a - b);
  const sources = [...new Set(rows.flatMap(({ paper }) => paper?.source ?? []))];
  const columns = series.flatMap((name) => columnsOf(name, rows, sources));
  const row = (name: string, at: number) => rows.find((one) => one.series === name && one.at === at);
  return {
    head: [axisLabel ?? "", ...columns.map(({ head }) => head), "seeds"],
    rows: values.map((at) => [
      String(at),
      ...columns.map(({ series: name, cell }) => cell(row(name, at))),
      seedsOf(series.map((name) => row(name, at))),
    ]),
    notes: [
      ...sources.map((source, i) => `[${i + 1}] ${source}.`),
      "Errors after the last epoch. The training error is against the given labels, wrong ones included.",
      spreadNote,
      ...thresholdNote(results),
    ],
  };
}

interface Column {
  readonly series: string;
  readonly head: string;
  readonly cell: (row: StudyRowResults | undefined) => string;
}

function columnsOf(series: string, rows: readonly StudyRowResults[], sources: readonly string[]): Column[] {
  const published = rows.some((row) => row.series === series && row.paper !== undefined);
  const reference = ({ paper }: StudyRowResults) =>
    paper === undefined ? "" : `${percent(1 - paper.testAccuracy)} [${sources.indexOf(paper.source) + 1}]`;
  return [
    ...(published
      ? [{ series, head: `${series}, reference`, cell: (row?: StudyRowResults) => (row ? reference(row) : "") }]
      : []),
    { series, head: `${series}, test error`, cell: (row) => errorText(row && lastEpoch(row)) },
    { series, head: "training error", cell: (row) => errorText(row && trainAccuracy(row)) },
  ];
}

const trainAccuracy = ({ runs }: StudyRowResults) => spreadOver(runs, ({ summary }) => summary.noisyTrainAccuracy);

const errorText = (accuracy: Spread | null | undefined) => spreadText(accuracy ?? null, (mean) => percent(1 - mean));

/** The number of seeds, of each series where they differ. */
function seedsOf(rows: readonly (StudyRowResults | undefined)[]): string {
  return [...new Set(rows.map((row) => row?.runs.length ?? 0))].join(" and ");
}

function thresholdNote(results: StudyResults): string[] {
  const { interpolation: series, axisLabel, rows } = results;
  if (!rows.some((row) => row.series === series && row.runs.length > 0)) return [];
  const threshold = interpolationThreshold(results);
  if (threshold === null) {
    return [`Interpolation threshold: none; ${series} ends with a training error of 1% or more everywhere.`];
  }
  const axis = axisLabel?.toLowerCase() ?? "value";
  const fitted = rows.find((row) => row.series === series && row.at === threshold);
  const error = percent(1 - ((fitted && trainAccuracy(fitted)?.mean) ?? 0), 2);
  return [
    `Interpolation threshold: ${axis} ${threshold}, the smallest at which ${series} ends with a training error under 1% (${error}).`,
  ];
}
