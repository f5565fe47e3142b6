// The results of `issues` as files for other programs.
import { type Cell, csvText } from "../../../csv-text.js";
import { countFlags, type Findings, type LabelIssue, unknownReason } from "../../../issues/index.js";

const columns = [
  "index",
  "file",
  "given",
  "suggested",
  "score",
  "pWrong",
  "verdict",
  "probability",
  "disagreesFrom",
  "areaUnderMargin",
  "agreement",
  "forgettingEvents",
] as const;

/** One row a sample: its label's rank, and of every other kind a score and a flag. */
export type IssueRow = LabelIssue & Readonly<Record<string, Cell>>;

/** The rows of the issues, in their order: `part`, and `<kind>_score` and `is_<kind>_issue` of every kind. */
export function issueRows(issues: readonly LabelIssue[], { part, samples, kinds }: Findings): IssueRow[] {
  const rowOf = new Map(Array.from(samples, (index, row) => [index, row]));
  const found = kinds.flatMap((kind) => kind.columns);
  return issues.map((issue) => {
    const row = rowOf.get(issue.index)!;
    const checks = found.flatMap(({ name, scores, flags }) => [
      [`${name}_score`, Number.isNaN(scores[row]!) ? null : scores[row]],
      [`is_${name}_issue`, flags[row] === 1],
    ]);
    return { ...issue, part, ...Object.fromEntries(checks) };
  });
}

/** A header, and one line per row. */
export function issuesCsv(rows: readonly IssueRow[], { kinds }: Findings): string {
  const found = kinds.flatMap((kind) => kind.columns).flatMap(({ name }) => [`${name}_score`, `is_${name}_issue`]);
  const names = [...columns, "part", ...found];
  return csvText(
    names,
    rows.map((row) => names.map((name) => row[name] ?? null)),
  );
}

/** One JSON object per line. */
export function issuesJsonl(rows: readonly IssueRow[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

/**
 * The health of the data: all classes, of which `issues` prints the worst, and what every kind found; groups by position in the data set.
 * Where the noise rate is unknown, `noiseRate.unknown` is why, and figures that follow from it are null.
 */
export function healthJson(findings: Findings): string {
  const { part, evaluated, noiseRate, classHealth, noiseMatrix } = findings;
  const kinds = findings.kinds.map(({ kind, columns: found, groups, summary }) => ({
    name: kind.name,
    summary,
    advice: kind.advice,
    flagged: Object.fromEntries(found.map((column) => [column.name, countFlags(column)])),
    groups: groups.map((group) => ({ ...group, samples: group.samples.map((row) => findings.samples[row]) })),
  }));
  const unknown = unknownReason(noiseRate);
  const known = unknown === null;
  const health = {
    part,
    evaluated,
    labelErrorRate: known ? noiseRate.estimate : null,
    noiseRate: { ...noiseRate, unknown },
    classes: known
      ? classHealth
      : classHealth.map((one) => ({ ...one, cleanLabels: null, labelErrorRate: null, low: null, high: null })),
    noiseMatrix: known ? noiseMatrix : null,
    kinds,
  };
  return `${JSON.stringify(health)}\n`;
}
