// The results of `review` as text.
import { counted, duration, percent } from "../../../format.js";
import type { ReviewedData, ReviewStatistics } from "../../../review/index.js";
import { alignedRows } from "../../shared/output.js";

/** A reviewer's figures. */
export interface ReviewerStatistics extends ReviewStatistics {
  readonly reviewer: string;
}

/** The figures of each reviewer, below each other. */
export function statisticsLines(part: string, reviewers: readonly ReviewerStatistics[]): string[] {
  if (reviewers.length === 0) return ["no verdicts yet"];
  return reviewers.flatMap((of, i) => [...(i === 0 ? [] : [""]), ...reviewerLines(part, of)]);
}

function reviewerLines(part: string, of: ReviewerStatistics): string[] {
  const { reviewer, decided, wrongFound, curve, consistency, audit, kappa, secondsEach } = of;
  const last = curve.at(-1);
  const predicted =
    last === undefined ? [] : [["predicted", `${last.predicted.toFixed(0)} of ${last.verdicts}`] as const];
  const again = `agreed with the first verdict on ${consistency.agreed} of ${consistency.again} seen again`;
  return alignedRows([
    ["reviewer", reviewer],
    ["part", part],
    ["decided", counted(decided, "sample")],
    ["wrong labels", decided === 0 ? "0" : `${wrongFound} (${percent(wrongFound / decided)})`],
    ...predicted,
    ...(secondsEach === null ? [] : [["pace", `${duration(secondsEach)} a sample`] as const]),
    ...(consistency.again === 0 ? [] : [["consistency", again] as const]),
    ...(kappa === null ? [] : [["agreement", agreementText(kappa)] as const]),
    ...(audit === null ? [] : [["audit", audit.text] as const]),
  ]);
}

const agreementText = ({ other, both, kappa }: NonNullable<ReviewStatistics["kappa"]>) =>
  `kappa ${kappa.toFixed(2)} with ${other} on ${counted(both, "sample")}`;

/** The files written, and what the verdicts changed. */
export function appliedLines(files: readonly string[], reviewed: ReviewedData): string[] {
  const { samples, relabeled, leftOut, confirmed, disputed } = reviewed;
  const changes = `${relabeled} relabeled, ${leftOut} left out, ${confirmed} confirmed`;
  const open = disputed === 0 ? "" : `; ${disputed} on which reviewers disagree stay as they are`;
  return [`${files.join(" and ")}: of ${counted(samples.length, "sample")} ${changes}${open}`];
}
