// A study of features trained without labels: its table, for people and for spreadsheets.

import { csvText } from "../../data/index.js";
import { percent } from "../../format.js";
import { type Spread, spreadOver } from "./statistics.js";
import type { StudyResults, StudyRowResults, StudyTable } from "./types.js";

/** One row's figures; null where nothing has run yet. */
export interface RepresentationsRow extends Pick<StudyRowResults, "name" | "paper"> {
  readonly epochs: number | null;
  /** How many images have passed through the network forward and back: samples, times views, times epochs. */
  readonly passed: number | null;
  readonly knn: Spread | null;
  readonly linear: Spread | null;
  /** Of the normalized projections, as a share of an even spread's; 0 where they have collapsed. */
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

function share(spread: Spread | null): string {
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
      share(row.knn),
      share(row.linear),
      reference(row),
      row.deviation === null ? NONE : row.deviation.mean.toFixed(2),
      String(row.seeds),
    ]),
    notes: [
      ...sources.map((source, i) => `[${i + 1}] ${source}.`),
      "Frozen features of the last epoch; learnt from the labeled training samples of the run, judged on the whole test set.",
      "Nearest neighbors: 200 by cosine, weighted by exp(cosine / 0.1). Linear: logistic regression by L-BFGS on standardized features, its l2 chosen on a held-out fifth of the training samples.",
      "Images passed: forward and back through the network, samples x views x epochs. Spread: deviation of the normalized projections over 1/sqrt(d), 1 for an even spread, 0 collapsed.",
      "\u00b1 is the sample deviation over seeds; one seed has none.",
    ],
  };
}

const COLUMNS = [
  ...["row", "epochs", "imagesPassed", "seeds", "knnAccuracy", "knnDeviation", "linearAccuracy", "linearDeviation"],
  ...["spread", "referenceLinearAccuracy", "source"],
];

/** The file `results.csv`: a line a row, means and sample deviations over seeds, fractions of 1. */
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
