// A study's figures as CSV: one file of rows and one of runs.
import { csvText } from "../../csv-text.js";
import { coverageCsv } from "./coverage/csv.js";
import { representationsCsv } from "./representations.js";
import { bestOnValidation, highestRobust, lastEpoch, spreadOver } from "./statistics.js";
import type { StudyResults, StudyRowResults } from "./types.js";

type Value = string | number | null | undefined;

/** Unknown values are empty. */
const table = (columns: readonly string[], lines: readonly (readonly Value[])[]) =>
  csvText(
    columns,
    lines.map((line) => line.map((value) => value ?? null)),
  );

const ROW_COLUMNS = [
  "row",
  "series",
  "at",
  "referenceTestAccuracy",
  "source",
  "seeds",
  "testAccuracy",
  "testAccuracyDeviation",
  "testAccuracyAtBest",
  "testAccuracyAtBestDeviation",
];

/** The file `results.csv`: a line for each row of the table, with means and sample standard deviations over seeds as fractions of 1. */
export function studyCsv(results: StudyResults): string {
  if (results.draw === "coverage") return coverageCsv(results);
  return results.draw === "representations" ? representationsCsv(results) : accuracyCsv(results);
}

/** The columns of adversarial training, after the others. */
const ROBUST_COLUMNS = [
  "referenceRobustAccuracy",
  "robustAccuracy",
  "robustAccuracyDeviation",
  "highestRobustAccuracy",
  "highestRobustAccuracyDeviation",
];

function robustFigures(row: StudyRowResults): Value[] {
  const last = spreadOver(row.runs, ({ summary }) => summary.robustAccuracy);
  const highest = spreadOver(row.runs, highestRobust);
  return [row.paper?.robustAccuracy, last?.mean, last?.deviation, highest?.mean, highest?.deviation];
}

function accuracyCsv({ rows, draw }: StudyResults): string {
  const robust = draw === "robust";
  return table(
    robust ? [...ROW_COLUMNS, ...ROBUST_COLUMNS] : ROW_COLUMNS,
    rows.map((row) => {
      const { name, series, at, paper, runs } = row;
      const [last, best] = [lastEpoch(row), bestOnValidation(row)];
      const measured = [last?.mean, last?.deviation, best?.mean, best?.deviation];
      return [
        name,
        series,
        at,
        paper?.testAccuracy,
        paper?.source,
        runs.length,
        ...measured,
        ...(robust ? robustFigures(row) : []),
      ];
    }),
  );
}

const RUN_FIGURES = [
  "testAccuracy",
  "testAccuracyAtBest",
  "testLoss",
  "noisyTrainAccuracy",
  "cleanTrainAccuracy",
  "wrongLabelsMemorized",
  "recoveredLabels",
  "labelNoise",
  "linearAccuracy",
  "knnAccuracy",
  "views",
  "robustAccuracy",
  "epochs",
  "trainSize",
  "parameters",
  "seconds",
  "device",
  "precision",
  "kernels",
] as const;

/** The file `runs.csv`: a line for each finished run, with the figures of its summary. */
export function studyRunsCsv({ rows }: StudyResults): string {
  const lines = rows.flatMap(({ name, series, at, runs }) =>
    runs.map(({ seed, folder, summary }) => [
      name,
      series,
      at,
      seed,
      ...RUN_FIGURES.map((key) => summary[key]),
      folder,
    ]),
  );
  return table(["row", "series", "at", "seed", ...RUN_FIGURES, "run"], lines);
}
