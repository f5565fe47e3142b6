// Reviews: verdicts on samples as an append-only log, and what follows from them. Knows no page and no server.
export type {
  AuditAction,
  ReviewAction,
  ReviewPart,
  UndoAction,
  Verdict,
  VerdictAction,
} from "./actions.js";
export { type AuditDraw, type AuditRequest, type AuditResult, auditResult, drawAudit } from "./audit.js";
export { isConfirmed, type ReviewedData, type ReviewedSample, reviewedData } from "./corrections.js";
export { type ExportFormat, exportText, pinnedText, type ReviewExport } from "./exports.js";
export { type Agreement, agreementOf, cohenKappa } from "./kappa.js";
export type { LabeledData } from "./labeled-data.js";
export { appendReview, type NewAction, type ReviewLog, readReview, reviewFile } from "./log.js";
export { type CorrectedLabels, listsFiles, manifestText } from "./manifest.js";
export { type QueueFilter, type QueueSource, type ReviewQueue, reviewQueue } from "./queue.js";
export { type CheckedProbability, recalibration } from "./recalibrate.js";
export { type Decision, isDecided, type Repeat, type ReviewState, reviewState, saysWrong } from "./state.js";
export { type ReviewStatistics, reviewStatistics } from "./statistics.js";
export { type CurvePoint, foundCurve, type Suspects, secondsEach, type WhatIsLeft, whatIsLeft } from "./stop.js";
