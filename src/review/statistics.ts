// The figures of a review that its log alone gives.
import type { ReviewPart } from "./actions.js";
import { type AuditResult, auditResult } from "./audit.js";
import { type Agreement, agreementOf } from "./kappa.js";
import { isDecided, type ReviewState, saysWrong } from "./state.js";
import {
  type BandPrecision,
  type CurvePoint,
  checkedProbabilities,
  foundCurve,
  precisionByBand,
  secondsEach,
} from "./stop.js";

export interface ReviewStatistics {
  /** Samples with a decision other than `later`. */
  readonly decided: number;
  /** Of these, with a wrong label: relabeled, or of no class. */
  readonly wrongFound: number;
  readonly curve: readonly CurvePoint[];
  readonly precision: readonly BandPrecision[];
  /** The reviewer's pace; null before five timed verdicts. */
  readonly secondsEach: number | null;
  /** Samples seen again blind, and those on which the reviewer agreed with the first verdict. */
  readonly consistency: { readonly again: number; readonly agreed: number };
  readonly audit: AuditResult | null;
  readonly kappa: Agreement | null;
  readonly undoable: boolean;
}

/** The figures of one reviewer's verdicts on one part. */
export function reviewStatistics(state: ReviewState, part: ReviewPart, reviewer: string): ReviewStatistics {
  const checked = checkedProbabilities(state, part, reviewer);
  const decided = [...state.decisions(part, reviewer).values()].filter(isDecided);
  const again = state.repeats.filter((repeat) => repeat.part === part && repeat.reviewer === reviewer);
  return {
    decided: decided.length,
    wrongFound: decided.filter(({ verdict }) => saysWrong(verdict)).length,
    curve: foundCurve(checked),
    precision: precisionByBand(checked),
    secondsEach: secondsEach(state, reviewer),
    consistency: { again: again.length, agreed: again.filter(({ agreed }) => agreed).length },
    audit: auditResult(state, part, reviewer),
    kappa: agreementOf(state, part, reviewer),
    undoable: state.undoable(reviewer) !== null,
  };
}
