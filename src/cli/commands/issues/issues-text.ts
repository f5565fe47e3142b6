// What `issues` says to a reader.
import {
  type ClassHealth,
  type Findings,
  type LabelIssue,
  type NearDuplicate,
  rateText,
} from "../../../issues/index.js";
import { alignedRows, percent, table } from "../../shared/output.js";

/** How many class pairs and duplicates are shown. */
const mostShown = 10;
const mostClassesShown = 30;

/** The headline, the most suspect of the issues chosen, and the health of the data. */
export function issuesLines(findings: Findings, chosen: readonly LabelIssue[], most: number): string[] {
  const shown = chosen.slice(0, most);
  const count = findings.judged.toLocaleString("en-US");
  const which = shown.length === 1 ? "the most suspect" : `the ${shown.length} most suspect`;
  return [
    `${rateText(findings.noiseRate)} of the ${count} labels are wrong, by ${findings.noiseRate.method}; ${which}:`,
    "",
    ...issueTable(shown),
    "",
    ...healthLines(findings),
  ];
}

function issueTable(issues: readonly LabelIssue[]): string[] {
  const [files, epochs] = [
    issues.some(({ file }) => file !== null),
    issues.some(({ disagreesFrom }) => disagreesFrom !== null),
  ];
  const header = ["index", ...(files ? ["file"] : []), "given", "suggested", "score", "P(wrong)", "probability"];
  const rows = issues.map(({ index, file, given, suggested, score, pWrong, probability, disagreesFrom }) => [
    String(index),
    ...(files ? [file ?? ""] : []),
    given,
    suggested,
    score.toFixed(3),
    pWrong.toFixed(3),
    probability.toFixed(3),
    ...(epochs ? [String(disagreesFrom ?? "-")] : []),
  ]);
  return table(epochs ? [...header, "disagrees since epoch"] : header, rows);
}

function healthLines({ classes, classHealth, noiseMatrix, duplicates }: Findings): string[] {
  return [
    "estimated wrong labels by class",
    ...classTable(classHealth),
    ...confusedLines(classes, noiseMatrix),
    ...duplicateLines(duplicates),
  ];
}

/** The classes with the largest shares of wrong labels. */
function classTable(classHealth: readonly ClassHealth[]): string[] {
  const tested = classHealth.some(({ testAccuracy }) => testAccuracy !== null);
  const header = ["class", "samples", "wrong", "range", ...(tested ? ["test accuracy"] : [])];
  const worst = classHealth.toSorted((a, b) => b.errorShare - a.errorShare).slice(0, mostClassesShown);
  const rows = worst.map(({ name, samples, errorShare, low, high, testAccuracy }) => [
    name,
    String(samples),
    percent(errorShare, 1),
    `${percent(low, 1)} to ${percent(high, 1)}`,
    ...(tested ? [percent(testAccuracy, 1)] : []),
  ]);
  const more = classHealth.length - worst.length;
  return [...table(header, rows), ...(more === 0 ? [] : [`and ${more} more, with fewer; --health FILE has all`])];
}

/** The pairs of classes with the largest shares off the diagonal, at least 1%. */
function confusedLines(classes: readonly string[], noise: readonly (readonly number[])[]): string[] {
  const pairs = noise.flatMap((row, i) =>
    row.flatMap((share, j) => (i === j || share < 0.01 ? [] : [{ share, pair: `${classes[i]} -> ${classes[j]}` }])),
  );
  if (pairs.length === 0) return [];
  const worst = pairs.sort((a, b) => b.share - a.share).slice(0, mostShown);
  return [
    "",
    "most confused (true -> given, share of the true class)",
    ...alignedRows(worst.map(({ pair, share }) => [pair, percent(share, 1)])),
  ];
}

function duplicateLines(duplicates: readonly NearDuplicate[]): string[] {
  if (duplicates.length === 0) return [];
  const line = ({ first, second, files, similarity, conflicting }: NearDuplicate): [string, string] => [
    files === null ? `#${first} = #${second}` : `${files[0]} = ${files[1]}`,
    `${similarity.toFixed(4)}${conflicting ? "  labels differ" : ""}`,
  ];
  const conflicts = duplicates.filter(({ conflicting }) => conflicting);
  const shown = [...conflicts, ...duplicates.filter(({ conflicting }) => !conflicting)].slice(0, mostShown);
  const title = `near-duplicate pairs: ${duplicates.length}, of which ${conflicts.length} have conflicting labels`;
  return ["", title, ...alignedRows(shown.map(line))];
}
