// The table of a self-supervised study, as text and as CSV.

import { csvText } from "../../csv-text.js";
import { percent } from "../../format.js";
import { type Spread, spreadOver } from "./statistics.js";
import type { StudyResults, StudyRowResults, StudyTable } from "./types.js";

/** The figures of one row; null before any run. */
export interface RepresentationsRow extends Pick<StudyRowResults, "name" | "paper"> {
  readonly epochs: number | null;
  /** Training images: samples x views x epochs. */
  readonly passed: number | null;
  readonly knn: Spread | null;
  readonly linear: Spread | null;
  /** Standard deviation of the normalized projections relative to an even spread; 0 for a collapsed network. */
  readonly deviation: Spread | null;
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
      seeds: runs.length,
    };
  });
}

const NONE = "\u2013";

function percentText(spread: Spread | null): string {
  if (spread === null) return NONE;
  const around = spread.deviation === null ? "" : ` \u00b1 ${(100 * spread.deviation).toFixed(1)}`;
  return `${percent(spread.mean)}${around}`;
}

/** The published figures are of linear classifiers. */
export function representationsTable(results: StudyResults): StudyTable {
  const sources = [...new Set(results.rows.flatMap(({ paper }) => paper?.source ?? []))];
  const reference = ({ paper }: RepresentationsRow) =>
    paper === undefined ? "" : `${(100 * paper.testAccuracy).toFixed(1)}% [${sources.indexOf(paper.source) + 1}]`;
  return {
    head: ["", "epochs", "images passed", "nearest neighbors", "linear", "reference", "spread", "seeds"],
    rows: representationsRows(results).map((row) => [
      row.name,
      row.epochs === null ? NONE : String(row.epochs),
      row.passed === null ? NONE : row.passed.toLocaleString("en-US"),
      percentText(row.knn),
      percentText(row.linear),
      reference(row),
      row.deviation === null ? NONE : row.deviation.mean.toFixed(2),
      String(row.seeds),
    ]),
    notes: [
      ...sources.map((source, i) => `[${i + 1}] ${source}.`),
      "Frozen features of the last epoch; classifiers are fitted on the labeled training samples of the run and evaluated on the full test set.",
      "Nearest neighbors: 200 by cosine, weighted by exp(cosine / 0.1). Linear: logistic regression by L-BFGS on standardized features, its l2 chosen on a held-out fifth of the training samples.",
      "Images passed: training images, samples x views x epochs. Spread: deviation of the normalized projections over 1/sqrt(d), 1 for an even spread, 0 collapsed.",
      "\u00b1 is the sample standard deviation over seeds; one seed has none.",
    ],
  };
}

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
