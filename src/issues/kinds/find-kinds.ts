// Runs the kinds of issues on one part.
import { percent } from "../../format.js";
import { MissingPackageError } from "../../optional-package.js";
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
  const found: (FoundKind & { readonly kind: IssueKind })[] = [];
  const notes: string[] = [];
  for (const kind of kinds) {
    const unmet = unmetNeeds(kind, evidence);
    const findings =
      unmet.length === 0 ? await unlessMissing(() => kind.find(evidence)) : `without ${unmet.join(" and ")}`;
    if (typeof findings === "string") notes.push(`${kind.title}: not searched for, ${findings}`);
    else found.push({ kind, ...findings });
  }
  return { found, notes: [...notes, ...(await recallNotes(evidence, found))] };
}

/** The result, or the message where an optional package is missing. */
async function unlessMissing<T>(find: () => T | Promise<T>): Promise<T | string> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof MissingPackageError) return error.message;
    throw error;
  }
}

/** How many of the true neighbors an approximate search found, where any kind used them. */
async function recallNotes(evidence: IssueEvidence, found: readonly { readonly kind: IssueKind }[]): Promise<string[]> {
  if (!found.some(({ kind }) => kind.needs.includes("features"))) return [];
  const neighbors = await unlessMissing(() => evidence.neighbors());
  if (typeof neighbors === "string") return [];
  const { recall } = neighbors;
  return recall === 1 ? [] : [`nearest neighbors: approximate; ${percent(recall)} of the true ones were found`];
}
