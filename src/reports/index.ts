// Reports of runs: pages to open in a browser, and tables for a terminal.
export { renderComparison } from "./comparison.js";
export { comparisonTable } from "./comparison-table.js";
export type { ClassHealth, Findings, LabelIssue, NearDuplicate, ReliabilityBin } from "./findings.js";
export { findIssues, findIssuesByProbabilities, type GivenProbabilities } from "./issues/find-issues.js";
export { defaultThreshold } from "./issues/rank.js";
export { renderPlot } from "./render-plot.js";
export { renderReport } from "./report.js";
export { COVERAGES } from "./study-coverage.js";
export { studyCsv, studyRunsCsv } from "./study-csv.js";
export { studyFigure } from "./study-figure.js";
export { studyJson } from "./study-json.js";
export { studyLines, studyMarkdown } from "./study-table.js";
export type { StudyResults, StudyRowResults, StudyRun } from "./study-types.js";
export type { ComparisonInput, LabelRecord, NamedRun, ReportInput, RunRecord, Threshold } from "./types.js";
