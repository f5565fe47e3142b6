// What is wrong with a data set: evidence in, findings out.

export type { Features, Neighbors } from "../data/neighbors/index.js";
export { type DropOptions, type DropReason, dropReasons, samplesToDrop } from "./drop.js";
export type { RunInspection, TestOutputs, UnseenOutputs } from "./evidence.js";
export {
  findIssues,
  findIssuesByFeatures,
  findIssuesByProbabilities,
  type GivenFeatures,
  type IssueOptions,
} from "./find-issues.js";
export type { ClassHealth, Findings, LabelIssue, ReliabilityBin } from "./findings.js";
export {
  countFlags,
  type IssueColumn,
  type IssueKind,
  type KindFindings,
  type SampleGroup,
} from "./kinds/define-kind.js";
export type { FoundKind } from "./kinds/find-kinds.js";
export { issueKinds, kindsOf } from "./kinds/registry.js";
export { correctable, leastWrong } from "./labels/correctable.js";
export type { GivenProbabilities } from "./labels/label-findings.js";
export { type NoiseRate, type NoiseRateMethod, unknownReason } from "./labels/rate/noise-rate.js";
export { rateText } from "./labels/rate/rate-text.js";
export type { LabelVerdict } from "./labels/verdict.js";
export type { DataPart, IssueEvidence } from "./part.js";
export type { PartName } from "./parts-of-run.js";
