// What is wrong with a data set: evidence in, findings out.
export { correctable, leastWrong } from "./correctable.js";
export type { RunInspection, TestOutputs } from "./evidence.js";
export { findIssues, findIssuesByProbabilities, type GivenProbabilities } from "./find-issues.js";
export type { ClassHealth, Findings, LabelIssue, NearDuplicate, ReliabilityBin } from "./findings.js";
export type { NoiseRate, NoiseRateMethod } from "./noise-rate.js";
export { rateText } from "./rate-text.js";
