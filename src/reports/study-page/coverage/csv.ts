// A coverage table as CSV: one line for each cell.

import { csvText } from "../../../csv-text.js";
import { standardErrorOf } from "../../../metrics/index.js";
import { type SeedValues, spreadOfSeeds } from "../statistics.js";
import type { StudyResults } from "../types.js";
import { type CoverageLine, coverageLines } from "./coverage.js";

const COLUMNS = [
  "group",
  "line",
  "score",
  "measure",
  "coverage",
  "reference",
  "referenceDeviation",
  "source",
  "seeds",
  "mean",
  "deviation",
  "standardError",
];

/**
 * The file `results.csv` of a coverage table: the error at each coverage and the AURC of every line, as mean, sample standard
 * deviation and standard error over seeds, as fractions of 1.
 */
export function coverageCsv(results: StudyResults): string {
  return csvText(COLUMNS, coverageLines(results).flatMap(rowsOf));
}

type Value = string | number | null;

function rowsOf({ group, name, score, cells, aurc }: CoverageLine): Value[][] {
  const errors = [...cells].map(([coverage, { error, reference }]): Value[] => {
    const published = [reference?.mean ?? null, reference?.deviation ?? null, reference?.source ?? null];
    return [group, name, score, "error", coverage, ...published, ...measured(error)];
  });
  if (aurc === null || aurc.size === 0) return errors;
  return [...errors, [group, name, score, "aurc", null, null, null, null, ...measured(aurc)]];
}

function measured(values: SeedValues): Value[] {
  const spread = spreadOfSeeds(values);
  return spread === null
    ? [0, null, null, null]
    : [spread.count, spread.mean, spread.deviation, standardErrorOf(spread)];
}
