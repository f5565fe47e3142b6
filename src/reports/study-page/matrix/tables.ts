// The tables of a study's matrix: accuracies, differences from the baseline, and which method is best where.
import { type Spread, standardErrorOf } from "../../../metrics/index.js";
import { lastEpoch, type PairedDifference, spreadOver } from "../statistics.js";
import type { Section, StudyResults, StudyRowResults, StudyTable } from "../types.js";
import { accuracyDifference, type MatrixPart, matrixParts, rankings } from "./comparison.js";

const NONE = "\u2013";

/** For each part accuracies, differences and corrected labels; then which method for which data. */
export function matrixSections(results: StudyResults): Section[] {
  const parts = matrixParts(results);
  const baseline = results.matrix?.baseline ?? "";
  const sections = parts.flatMap((part) => [accuracies(part), ...differences(part, baseline), ...recovered(part)]);
  return [...sections, ...summary(parts, baseline)];
}

/** Which method for which data; accuracies alone where no two methods can be compared. */
export function matrixSummary(results: StudyResults): StudyTable | undefined {
  const parts = matrixParts(results);
  return (summary(parts, results.matrix?.baseline ?? "")[0] ?? parts.map(accuracies)[0])?.table;
}

const accuracies = (part: MatrixPart): Section => ({
  heading: part.title,
  table: {
    ...withObjectives(part, table(part, "test accuracy (%), last epoch", lastEpoch)),
    notes: [
      "\u00b1 is the standard error of the mean; the number of seeds is in parentheses. No epoch was chosen by the test set.",
    ],
  },
});

/** What to type for a method, after its name. */
function withObjectives(part: MatrixPart, { head, rows }: Pick<StudyTable, "head" | "rows">) {
  const widened = rows.map((cells, index) => [cells[0]!, objectiveOf(part, part.methods[index]!), ...cells.slice(1)]);
  return { head: [head[0]!, "objective", ...head.slice(1)], rows: widened };
}

const objectiveOf = ({ conditions, row }: MatrixPart, method: string) =>
  conditions.map((condition) => row(method, condition)?.runs[0]?.summary.objective).find((name) => name) ?? NONE;

/** Under the conditions with wrong labels, of the methods with targets; none where only one method has them. */
function recovered(part: MatrixPart): Section[] {
  const measured = ({ runs }: StudyRowResults) => spreadOver(runs, ({ summary }) => summary.recoveredLabels ?? null);
  const isMeasured = (method: string, condition: string) => {
    const row = part.row(method, condition);
    return row !== undefined && measured(row) !== null;
  };
  const methods = part.methods.filter((method) => part.conditions.some((condition) => isMeasured(method, condition)));
  const conditions = part.conditions.filter((condition) => methods.some((method) => isMeasured(method, condition)));
  if (methods.length < 2) return [];
  return [
    {
      heading: `${part.name}: labels corrected`,
      table: {
        ...table({ ...part, methods, conditions }, "true labels in the targets (%)", measured),
        notes: ["Of all training samples, those whose target is highest at the true label after the last epoch."],
      },
    },
  ];
}

/** Mean and standard error of a figure of every method under every condition. */
function table(
  { methods, conditions, row }: Pick<MatrixPart, "methods" | "conditions" | "row">,
  figure: string,
  spreadOf: (row: StudyRowResults) => Spread | null,
) {
  const cell = (method: string, condition: string) => {
    const found = row(method, condition);
    return spreadText(found === undefined ? null : spreadOf(found));
  };
  const rows = methods.map((method) => [method, ...conditions.map((condition) => cell(method, condition))]);
  return { head: [figure, ...conditions], rows };
}

function differences({ name, methods, conditions, row }: MatrixPart, baseline: string): Section[] {
  const others = methods.filter((method) => method !== baseline);
  if (others.length === methods.length || others.length === 0) return [];
  const cell = (method: string, condition: string) => {
    const [one, base] = [row(method, condition), row(baseline, condition)];
    return differenceText(one && base ? accuracyDifference(one, base) : null);
  };
  return [
    {
      heading: `${name}: difference from ${baseline}`,
      table: {
        head: ["points", ...conditions],
        rows: others.map((method) => [method, ...conditions.map((condition) => cell(method, condition))]),
        notes: ["In brackets the 95% interval of the difference between runs of the same seed (Student's t)."],
      },
    },
  ];
}

function differenceText(difference: PairedDifference | null): string {
  if (difference === null) return NONE;
  const { mean, interval } = difference;
  return interval === null ? signed(mean) : `${signed(mean)} [${interval.map(signed).join(", ")}]`;
}

function summary(parts: readonly MatrixPart[], baseline: string): Section[] {
  const rows = parts.flatMap((part) =>
    rankings(part).map(({ condition, best, accuracy, level }) => {
      const base = part.row(baseline, condition);
      return [
        `${part.name}, ${condition}`,
        `${best} (${objectiveOf(part, best)})`,
        spreadText(accuracy),
        spreadText(base === undefined ? null : lastEpoch(base)),
        levelText(level),
      ];
    }),
  );
  if (rows.length === 0) return [];
  return [
    {
      heading: "Which method for which data",
      table: {
        head: ["data", "best (objective)", "test accuracy (%)", baseline, "not reliably worse"],
        rows,
        notes: [
          "\u00b1 is the standard error of the mean; the number of seeds is in parentheses.",
          "Not reliably worse: the 95% interval of the difference from the best includes zero. Methods that share fewer than two seeds with the best are not compared.",
        ],
      },
    },
  ];
}

function levelText(level: readonly string[] | null): string {
  if (level === null) return "unknown";
  return level.length === 0 ? "none" : level.join("; ");
}

/** In percent, without the sign. */
const points = (value: number) => (100 * value).toFixed(1);

const signed = (value: number) => `${value < 0 ? "\u2212" : "+"}${points(Math.abs(value))}`;

/** Mean and standard error, and of how many seeds. */
function spreadText(spread: Spread | null): string {
  if (spread === null) return NONE;
  const standardError = standardErrorOf(spread);
  const error = standardError === null ? "" : ` \u00b1 ${points(standardError)}`;
  return `${points(spread.mean)}${error} (${spread.count})`;
}
