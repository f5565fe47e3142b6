// Reports of runs: HTML pages, and tables for a terminal.

export { renderPlot } from "./charts/render-plot.js";
export { renderComparison } from "./comparison-page/comparison.js";
export { comparisonTable } from "./comparison-page/comparison-table.js";
export { renderIssues } from "./issue-page/issue-page.js";
export { everyRow, type SamplesByPart, samplesOfRun } from "./issue-page/part-samples.js";
export { ratePlotSvg } from "./rate-plot.js";
export { renderReport } from "./run-page/report.js";
export { COVERAGES } from "./study-page/coverage/coverages.js";
export { studyCsv, studyRunsCsv } from "./study-page/csv.js";
export { studyFigure } from "./study-page/figure.js";
export { studyJson } from "./study-page/json.js";
export { mostRobustEpoch } from "./study-page/statistics.js";
export { sectionMarkdown, studyLines, studyMarkdown, studySections, studySummary } from "./study-page/table.js";
export type { FineTuned, StudyAttack, StudyResults, StudyRowResults, StudyRun } from "./study-page/types.js";
export { writeSuspects } from "./tensorboard-suspects.js";
export type { ComparisonInput, LabelRecord, NamedRun, ReportInput, RunRecord, Threshold } from "./types.js";
