// Runs the kinds of issues on one part.
import type { IssueEvidence } from "../part.js";
import { type IssueKind, type KindFindings, unmetNeeds } from "./define-kind.js";

/** What one kind found. */
export interface FoundKind extends KindFindings {
  readonly kind: Pick<IssueKind, "name" | "title" | "advice">;
}

export interface FoundKinds {
  readonly found: readonly FoundKind[];
  /** Kinds that could not be searched for, and what they lack. */
  readonly notes: readonly string[];
}

/** Searches the part for each kind whose needs are met, in order. */
export async function findKinds(evidence: IssueEvidence, kinds: readonly IssueKind[]): Promise<FoundKinds> {
  const found: FoundKind[] = [];
  const notes: string[] = [];
  for (const kind of kinds) {
    const unmet = unmetNeeds(kind, evidence);
    if (unmet.length === 0) found.push({ kind, ...(await kind.find(evidence)) });
    else notes.push(`${kind.title}: not searched for, without ${unmet.join(" and ")}`);
  }
  return { found, notes };
}
