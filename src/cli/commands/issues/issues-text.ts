// The results of `issues` as text.
import { percent } from "../../../format.js";
import {
  type ClassHealth,
  countFlags,
  type Findings,
  type IssueColumn,
  type LabelIssue,
  rateText,
  type SampleGroup,
} from "../../../issues/index.js";
import { alignedRows, table } from "../../shared/output.js";

/** Class pairs, and groups of a kind, that are printed. */
const PRINTED_PAIRS = 10;
const PRINTED_CLASSES = 30;
const PRINTED_SAMPLES = 5;

/** The noise rate, the most suspect of the selected issues, and the health of the data. */
export function issuesLines(findings: Findings, selected: readonly LabelIssue[], most: number): string[] {
  const printed = selected.slice(0, most);
  const count = findings.evaluated.toLocaleString("en-US");
  const which = printed.length === 1 ? "the most suspect" : `the ${printed.length} most suspect`;
  return [
    `${rateText(findings.noiseRate)} of the ${count} labels are wrong, by ${findings.noiseRate.method}; ${which}:`,
    "",
    ...issueTable(printed),
    "",
    ...healthLines(findings),
    ...kindLines(findings),
  ];
}

/** A line for each other kind of issue, with the samples most affected, and the first groups. */
function kindLines({ kinds, samples }: Findings): string[] {
  if (kinds.length === 0) return [];
  const lines = kinds.map(({ kind, summary, columns, groups }): [string, string] => [
    kind.title,
    [
      summary,
      ...(groups.length > 0 ? [] : columns.flatMap((column) => worstOf(column, samples, columns.length > 1))),
    ].join("; "),
  ]);
  return [
    "",
    "other issues",
    ...alignedRows(lines),
    ...adviceLines(kinds),
    ...kinds.flatMap(({ kind, groups }) => groupLines(kind.title, groups)),
  ];
}

/** What to do about the kinds that flag any sample. */
function adviceLines(kinds: Findings["kinds"]): string[] {
  const found = kinds.filter(({ columns }) => columns.some((column) => countFlags(column) > 0));
  if (found.length === 0) return [];
  return ["", "advice", ...alignedRows(found.map(({ kind }): [string, string] => [kind.title, kind.advice]))];
}

function groupLines(title: string, groups: readonly SampleGroup[]): string[] {
  if (groups.length === 0) return [];
  const more = groups.length - PRINTED_PAIRS;
  const printed = groups.slice(0, PRINTED_PAIRS).map(({ text }) => text);
  return ["", title, ...printed, ...(more > 0 ? [`and ${more} more; --health FILE has all`] : [])];
}

/** The flagged samples with the highest scores. */
function worstOf({ name, scores, flags }: IssueColumn, samples: Int32Array, named: boolean): string[] {
  const rows = Array.from(flags.keys()).filter((row) => flags[row] === 1);
  const worst = rows.sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, PRINTED_SAMPLES);
  return worst.length === 0
    ? []
    : [`${named ? name.replaceAll("_", " ") : "worst"}: ${worst.map((row) => `#${samples[row]}`).join(" ")}`];
}

function issueTable(issues: readonly LabelIssue[]): string[] {
  const [files, epochs] = [
    issues.some(({ file }) => file !== null),
    issues.some(({ disagreesFrom }) => disagreesFrom !== null),
  ];
  const header = [
    "index",
    ...(files ? ["file"] : []),
    "given",
    "suggested",
    "score",
    "P(wrong)",
    "probability",
    "verdict",
  ];
  const rows = issues.map(({ index, file, given, suggested, score, pWrong, probability, verdict, disagreesFrom }) => [
    String(index),
    ...(files ? [file ?? ""] : []),
    given,
    suggested,
    score.toFixed(3),
    pWrong.toFixed(3),
    probability.toFixed(3),
    verdict,
    ...(epochs ? [String(disagreesFrom ?? "-")] : []),
  ]);
  return table(epochs ? [...header, "disagrees since epoch"] : header, rows);
}

function healthLines({ classes, classHealth, noiseMatrix }: Findings): string[] {
  return ["estimated wrong labels by class", ...classTable(classHealth), ...confusedLines(classes, noiseMatrix)];
}

/** The classes with the largest fractions of wrong labels. */
function classTable(classHealth: readonly ClassHealth[]): string[] {
  const tested = classHealth.some(({ testAccuracy }) => testAccuracy !== null);
  const header = ["class", "samples", "wrong", "range", "clean labels", ...(tested ? ["test accuracy"] : [])];
  const worst = classHealth.toSorted((a, b) => b.labelErrorRate - a.labelErrorRate).slice(0, PRINTED_CLASSES);
  const rows = worst.map(({ name, samples, cleanLabels, labelErrorRate, low, high, testAccuracy }) => [
    name,
    String(samples),
    percent(labelErrorRate),
    `${percent(low)} to ${percent(high)}`,
    String(Math.round(cleanLabels)),
    ...(tested ? [percent(testAccuracy)] : []),
  ]);
  const more = classHealth.length - worst.length;
  return [...table(header, rows), ...(more === 0 ? [] : [`and ${more} more, with fewer; --health FILE has all`])];
}

/** The pairs of classes with the largest fractions off the diagonal, at least 1%. */
function confusedLines(classes: readonly string[], noise: readonly (readonly number[])[]): string[] {
  const pairs = noise.flatMap((row, i) =>
    row.flatMap((fraction, j) =>
      i === j || fraction < 0.01 ? [] : [{ fraction, pair: `${classes[i]} -> ${classes[j]}` }],
    ),
  );
  if (pairs.length === 0) return [];
  const worst = pairs.sort((a, b) => b.fraction - a.fraction).slice(0, PRINTED_PAIRS);
  return [
    "",
    "most confused (true -> given, fraction of the true class)",
    ...alignedRows(worst.map(({ pair, fraction }) => [pair, percent(fraction)])),
  ];
}
