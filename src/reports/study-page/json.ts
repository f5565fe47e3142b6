// A study's results as JSON.
import { coverageJson } from "./coverage/json.js";
import { bestJson, cellJson } from "./matrix/json.js";
import { representationsRows } from "./representations.js";
import { bestOnValidation, highestRobust, interpolationThreshold, lastEpoch, spreadOver } from "./statistics.js";
import type { StudyResults, StudyRowResults } from "./types.js";

/** The contents of `results.json` and the output of `--json`: every figure of the table, accuracies as fractions of 1. */
export function studyJson(results: StudyResults) {
  const { title, profile, settings, planned, rows } = results;
  return {
    title,
    profile,
    settings,
    planned,
    finished: rows.reduce((sum, { runs }) => sum + runs.length, 0),
    interpolationThreshold: interpolationThreshold(results),
    ...(results.draw === "coverage" && { lines: coverageJson(results) }),
    ...(results.draw === "representations" && { representations: representationsRows(results) }),
    ...(results.draw === "matrix" && { baseline: results.matrix?.baseline, best: bestJson(results) }),
    rows: rows.map((row) => ({
      name: row.name,
      ...cellJson(results, row),
      ...(row.series !== undefined && { series: row.series, at: row.at }),
      reference: row.paper ?? null,
      testAccuracy: lastEpoch(row),
      testAccuracyAtBest: bestOnValidation(row),
      ...(results.draw === "robust" && robustJson(row)),
      runs: row.runs.map(({ seed, folder, summary }) => ({ seed, folder, summary })),
    })),
  };
}

const robustJson = ({ runs }: StudyRowResults) => ({
  robustAccuracy: spreadOver(runs, ({ summary }) => summary.robustAccuracy),
  highestRobustAccuracy: spreadOver(runs, highestRobust),
});
