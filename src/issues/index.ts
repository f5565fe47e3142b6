// What is wrong with a data set: evidence in, findings out.
export type { RunInspection, TestAnswers } from "./evidence.js";
export { findIssues, findIssuesByProbabilities, type GivenProbabilities } from "./find-issues.js";
export type { ClassHealth, Findings, LabelIssue, NearDuplicate, ReliabilityBin } from "./findings.js";
export { defaultThreshold } from "./rank.js";
