// The table of a self-supervised study, as text and as CSV.

import { csvText } from "../../csv-text.js";
import type { Spread } from "../../metrics/index.js";
import { spreadNote, spreadText } from "./spread-text.js";
import { spreadOver } from "./statistics.js";
import type { StudyResults, StudyRowResults, StudyRun, StudyTable } from "./types.js";

/** The figures of one row; null before any run. */
export interface RepresentationsRow extends Pick<StudyRowResults, "name" | "paper"> {
  readonly epochs: number | null;
  /** Training images: samples x views x epochs. */
  readonly passed: number | null;
  readonly knn: Spread | null;
  readonly linear: Spread | null;
  /** Standard deviation of the normalized projections relative to an even spread; 0 for a collapsed network. */
  readonly deviation: Spread | null;
  /** Test accuracy after fine-tuning, by the number of labeled samples. */
  readonly fineTuned: Readonly<Record<number, Spread>>;
  readonly seeds: number;
}

export function representationsRows({ rows }: Pick<StudyResults, "rows">): RepresentationsRow[] {
  return rows.map(({ name, paper, runs }) => {
    const summary = runs[0]?.summary;
    const { epochs = null, trainSize = 0, views = 1 } = summary ?? {};
    return {
      name,
      ...(paper && { paper }),
      epochs,
      passed: epochs === null ? null : epochs * trainSize * views,
      knn: spreadOver(runs, ({ summary }) => summary.knnAccuracy),
      linear: spreadOver(runs, ({ summary }) => summary.linearAccuracy),
      deviation: spreadOver(runs, ({ summary: { embeddingDeviation: found, evenDeviation: even } }) =>
        found == null || even == null ? null : found / even,
      ),
      fineTuned: fineTunedOf(runs),
      seeds: runs.length,
    };
  });
}

function fineTunedOf(runs: readonly StudyRun[]): Record<number, Spread> {
  const samples = new Set(runs.flatMap(({ fineTuned = [] }) => fineTuned.map((one) => one.samples)));
  const accuracy = ({ fineTuned = [] }: StudyRun, count: number) =>
    fineTuned.find((one) => one.samples === count)?.testAccuracy;
  return Object.fromEntries(
    [...samples].flatMap((count) => {
      const spread = spreadOver(runs, (run) => accuracy(run, count));
      return spread === null ? [] : [[count, spread] as const];
    }),
  );
}

const NONE = "\u2013";

interface Column {
  readonly head: string;
  readonly cell: (row: RepresentationsRow) => string;
}

/** The published figures are of linear classifiers; without any there is no column of them. */
export function representationsTable(results: StudyResults): StudyTable {
  const sources = [...new Set(results.rows.flatMap(({ paper }) => paper?.source ?? []))];
  const rows = representationsRows(results);
  const samples = [...new Set(rows.flatMap(({ fineTuned }) => Object.keys(fineTuned).map(Number)))].sort(
    (a, b) => a - b,
  );
  const columns = [...figureColumns(sources), ...samples.map(fineTunedColumn), ...lastColumns];
  return {
    head: ["", ...columns.map(({ head }) => head)],
    rows: rows.map((row) => [row.name, ...columns.map(({ cell }) => cell(row))]),
    notes: [
      ...sources.map((source, i) => `[${i + 1}] ${source}.`),
      "Frozen features of the last epoch; classifiers are fitted on the labeled training samples of the run and evaluated on the full test set.",
      "Nearest neighbors: 200 by cosine, weighted by exp(cosine / 0.1). Linear: logistic regression by L-BFGS on standardized features, its l2 chosen on a held-out fifth of the training samples.",
      ...(samples.length === 0
        ? []
        : ["Fine-tuned: the full network, trained further from these weights on so many labeled samples."]),
      "Images passed: training images, samples x views x epochs. Spread: deviation of the normalized projections over 1/sqrt(d), 1 for an even spread, 0 collapsed.",
      spreadNote,
    ],
  };
}

function figureColumns(sources: readonly string[]): Column[] {
  const reference = ({ paper }: RepresentationsRow) =>
    paper === undefined ? "" : `${(100 * paper.testAccuracy).toFixed(1)}% [${sources.indexOf(paper.source) + 1}]`;
  return [
    { head: "epochs", cell: ({ epochs }) => (epochs === null ? NONE : String(epochs)) },
    { head: "images passed", cell: ({ passed }) => (passed === null ? NONE : passed.toLocaleString("en-US")) },
    { head: "nearest neighbors", cell: ({ knn }) => spreadText(knn) },
    { head: "linear", cell: ({ linear }) => spreadText(linear) },
    ...(sources.length === 0 ? [] : [{ head: "reference", cell: reference }]),
  ];
}

const fineTunedColumn = (samples: number): Column => ({
  head: `fine-tuned, ${samples} labels`,
  cell: ({ fineTuned }) => spreadText(fineTuned[samples] ?? null),
});

const lastColumns: readonly Column[] = [
  { head: "spread", cell: ({ deviation }) => (deviation === null ? NONE : deviation.mean.toFixed(2)) },
  { head: "seeds", cell: ({ seeds }) => String(seeds) },
];

const COLUMNS = [
  ...["row", "epochs", "imagesPassed", "seeds", "knnAccuracy", "knnDeviation", "linearAccuracy", "linearDeviation"],
  ...["spread", "referenceLinearAccuracy", "source"],
];

/** The file `results.csv`: a line for each row, with means and sample standard deviations over seeds as fractions of 1. */
export function representationsCsv(results: StudyResults): string {
  return csvText(
    COLUMNS,
    representationsRows(results).map(({ name, epochs, passed, seeds, knn, linear, deviation, paper }) => [
      ...[name, epochs, passed, seeds],
      ...[knn, linear].flatMap((spread) => [spread?.mean ?? null, spread?.deviation ?? null]),
      ...[deviation?.mean ?? null, paper?.testAccuracy ?? null, paper?.source ?? null],
    ]),
  );
}
