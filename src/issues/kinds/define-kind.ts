// How a kind of issue declares itself.
import type { DataPart, IssueEvidence } from "../part.js";

/** What a kind needs of the part that it searches; a kind whose need is not met is left out, with a note. */
export type Need = "labels" | "features" | "images" | "probabilities" | "other parts";

/** One check of every sample. */
export interface IssueColumn {
  /** In snake case, as in the column names `<name>_score` and `is_<name>_issue` of CSV files. */
  readonly name: string;
  /** (n), from 0, no issue, to 1, certainly one; NaN where a sample cannot be checked. */
  readonly scores: Float32Array;
  /** (n), 1 where a sample has this issue. */
  readonly flags: Uint8Array;
}

/** Samples that belong together: copies of each other, a weak group. */
export interface SampleGroup {
  /** Positions in the part that was searched. */
  readonly samples: readonly number[];
  /** Positions in another part, for leakage. */
  readonly others?: { readonly part: string; readonly samples: readonly number[] };
  /** One line: what they have in common. */
  readonly text: string;
  /** Numbers of the group, for other programs. */
  readonly figures: Readonly<Record<string, number | string | boolean>>;
}

export interface KindFindings {
  readonly columns: readonly IssueColumn[];
  readonly groups: readonly SampleGroup[];
  /** One line of the summary: what was found, in numbers. */
  readonly summary: string;
}

/** A kind of issue. */
export interface IssueKind {
  /** As in `--types`. */
  readonly name: string;
  /** Heading: "outliers". */
  readonly title: string;
  readonly needs: readonly Need[];
  /** What to do about it, in one line. */
  readonly advice: string;
  /** Searches the part; deterministic. */
  find(evidence: IssueEvidence): KindFindings | Promise<KindFindings>;
}

/** The needs of a kind that the evidence does not meet. */
export function unmetNeeds({ needs }: IssueKind, evidence: IssueEvidence): Need[] {
  return needs.filter((need) => !meets(need, evidence));
}

function meets(need: Need, { part, others }: IssueEvidence): boolean {
  switch (need) {
    case "labels":
      return part.labels.some((label) => label >= 0);
    case "features":
      return part.features !== null;
    case "images":
      return part.samples !== null && part.samples.shape.length === 3;
    case "probabilities":
      return part.probabilities !== null;
    case "other parts":
      return others.some((other) => comparable(part, other));
  }
}

/** Whether two parts can be compared sample by sample. */
export function comparable(part: DataPart, other: DataPart): boolean {
  const sameFeatures = part.features !== null && part.features.size === other.features?.size;
  return sameFeatures || (part.samples !== null && other.samples !== null);
}

/** A column whose samples are flagged from `threshold` on. */
export function column(name: string, scores: Float32Array, threshold: number): IssueColumn {
  return { name, scores, flags: Uint8Array.from(scores, (score) => Number(score >= threshold)) };
}

export const countFlags = ({ flags }: IssueColumn): number => flags.reduce((sum, flag) => sum + flag, 0);
