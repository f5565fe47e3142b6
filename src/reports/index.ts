// Reports of runs: pages to open in a browser, and tables for a terminal.
export { renderComparison } from "./comparison.js";
export { comparisonTable } from "./comparison-table.js";
export type { Findings } from "./findings.js";
export { renderReport } from "./report.js";
export type { ComparisonInput, LabelRecord, NamedRun, ReportInput, RunRecord } from "./types.js";
