// The table of a study of adversarial training: natural and robust accuracy, reference and measured values.
import { percent } from "../../format.js";
import { highestRobust, lastEpoch, lastRobust, robustFall, type Spread } from "./statistics.js";
import type { StudyResults, StudyRowResults, StudyTable } from "./types.js";

const NONE = "\u2013";
const HEAD = [
  "",
  "reference, natural",
  "natural, last epoch",
  "reference, PGD-20",
  "PGD-20, last epoch",
  "PGD-20, best epoch",
  "fall, points",
  "seeds",
] as const;

/** Rows without runs have only their reference values. */
export function robustTable({ rows }: Pick<StudyResults, "rows">): StudyTable {
  const sources = [...new Set(rows.flatMap(({ paper }) => paper?.source ?? []))];
  const samples = rows.some(({ runs }) => runs.length > 0);
  return {
    head: HEAD,
    rows: rows.map((row) => cells(row, sources)),
    notes: [
      ...sources.map((source, i) => `[${i + 1}] ${source}.`),
      "Natural: accuracy on the full test set. PGD-20: the fraction of the attacked test images classified correctly both before and after the attack.",
      ...(samples ? ["\u00b1 is the sample standard deviation over seeds; one seed has none."] : []),
      "The best epoch is chosen on the attacked images themselves; the drop from it to the last epoch is robust overfitting.",
    ],
  };
}

function cells(row: StudyRowResults, sources: readonly string[]): string[] {
  const { name, paper, runs } = row;
  const reference = (value: number | undefined) =>
    value === undefined || paper === undefined ? "" : `${percent(value)} [${sources.indexOf(paper.source) + 1}]`;
  return [
    name,
    reference(paper?.testAccuracy),
    spreadText(lastEpoch(row)),
    reference(paper?.robustAccuracy),
    spreadText(lastRobust(row)),
    spreadText(highestRobust(row)),
    spreadText(robustFall(row), (value) => (100 * value).toFixed(1)),
    String(runs.length),
  ];
}

function spreadText(spread: Spread | null, write: (value: number) => string = percent): string {
  if (spread === null) return NONE;
  const { mean, deviation } = spread;
  return deviation === null ? write(mean) : `${write(mean)} \u00b1 ${(100 * deviation).toFixed(1)}`;
}
