// Reports of runs: pages to open in a browser, and tables for a terminal.
export { renderComparison } from "./comparison.js";
export { comparisonTable } from "./comparison-table.js";
export type { ClassHealth, Findings, LabelIssue, NearDuplicate, ReliabilityBin } from "./findings.js";
export { findIssues, findIssuesByProbabilities, type GivenProbabilities } from "./issues/find-issues.js";
export { defaultThreshold } from "./issues/rank.js";
export { renderReport } from "./report.js";
export type { ComparisonInput, NamedRun, ReportInput, RunRecord } from "./types.js";
