// The results of `issues` as files for other programs.
import { csvText } from "../../../data/index.js";
import type { Findings, LabelIssue } from "../../../issues/index.js";

const columns = [
  "index",
  "file",
  "given",
  "suggested",
  "score",
  "pWrong",
  "probability",
  "disagreesFrom",
  "areaUnderMargin",
  "agreement",
  "forgettingEvents",
] as const;

/** A header, and one line per issue. */
export function issuesCsv(issues: readonly LabelIssue[]): string {
  return csvText(
    columns,
    issues.map((issue) => columns.map((column) => issue[column])),
  );
}

/** One JSON object per line. */
export function issuesJsonl(issues: readonly LabelIssue[]): string {
  return issues.map((issue) => `${JSON.stringify(issue)}\n`).join("");
}

/** The health of the data: all classes and pairs, of which `issues` prints the worst. */
export function healthJson({ judged, noiseRate, classHealth, noiseMatrix, duplicates }: Findings): string {
  const errorShare = noiseRate.estimate;
  return `${JSON.stringify({ judged, errorShare, noiseRate, classes: classHealth, noiseMatrix, duplicates })}\n`;
}
