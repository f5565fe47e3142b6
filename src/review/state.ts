// What a review comes to: a pure fold over its actions.
import type { AuditAction, ReviewAction, ReviewPart, Verdict, VerdictAction } from "./actions.js";

/** What a reviewer decided on a sample: the last verdict that was not taken back, blind repeats aside. */
export interface Decision {
  readonly verdict: Verdict;
  /** The class name for `relabel`. */
  readonly label: string | null;
  readonly reviewer: string;
  readonly time: string;
  /** As they were shown; null where they were not. */
  readonly suggested: string | null;
  readonly pWrong: number | null;
}

/** A sample that its reviewer saw a second time, blind. */
export interface Repeat {
  readonly part: ReviewPart;
  readonly sample: number;
  readonly reviewer: string;
  readonly agreed: boolean;
}

export interface ReviewState {
  /** Verdicts that were not taken back, in order. */
  readonly verdicts: readonly VerdictAction[];
  /** Random audits, in order. */
  readonly audits: readonly AuditAction[];
  readonly repeats: readonly Repeat[];
  /** In the order of their first verdicts. */
  readonly reviewers: readonly string[];
  /** A reviewer's decisions on a part's samples, by sample number, in the order of the verdicts. */
  decisions(part: ReviewPart, reviewer: string): ReadonlyMap<number, Decision>;
  /** The reviewer's last verdict that was not taken back: what `undo` takes back next; null where there is none. */
  undoable(reviewer: string): VerdictAction | null;
}

const keyOf = (part: ReviewPart, reviewer: string) => `${part} ${reviewer}`;

/** The state after these actions. An undo of an unknown or already undone action has no effect. */
export function reviewState(actions: readonly ReviewAction[]): ReviewState {
  const undone = new Set(actions.flatMap((action) => (action.kind === "undo" ? [action.undo] : [])));
  const verdicts = actions.filter((action) => action.kind === "verdict").filter(({ id }) => !undone.has(id));
  const audits = actions.filter((action) => action.kind === "audit").filter(({ id }) => !undone.has(id));
  const decided = new Map<string, Map<number, Decision>>();
  const repeats: Repeat[] = [];
  for (const action of verdicts) {
    const { part, reviewer, again } = action;
    const known = decided.get(keyOf(part, reviewer)) ?? new Map<number, Decision>();
    decided.set(keyOf(part, reviewer), known);
    if (again) for (const repeat of repeatsOf(action, known)) repeats.push(repeat);
    else decide(action, known);
  }
  const none: ReadonlyMap<number, Decision> = new Map();
  return {
    verdicts,
    audits,
    repeats,
    reviewers: [...new Set(verdicts.map(({ reviewer }) => reviewer))],
    decisions: (part, reviewer) => decided.get(keyOf(part, reviewer)) ?? none,
    undoable: (reviewer) => verdicts.findLast((action) => action.reviewer === reviewer && !action.carried) ?? null,
  };
}

function decide(action: VerdictAction, decided: Map<number, Decision>): void {
  const { samples, reviewer, time, shown } = action;
  for (const [i, sample] of samples.entries()) {
    decided.delete(sample);
    const { verdict, label } = verdictOf(action, i);
    const [suggested, pWrong] = [shown?.suggested[i] ?? null, shown?.pWrong[i] ?? null];
    decided.set(sample, { verdict, label, reviewer, time, suggested, pWrong });
  }
}

/** Of the action's i-th sample. The class that it was given already, for one of many, says that its label is right. */
function verdictOf(
  { verdict, label: ofAll, labels, shown }: VerdictAction,
  i: number,
): Pick<Decision, "verdict" | "label"> {
  const label = labels?.[i] ?? ofAll;
  const isGiven = label !== null && label === shown?.given[i];
  return isGiven ? { verdict: "right", label: null } : { verdict, label };
}

/** Compared with the decision at that moment; a sample that was not decided, or is put off again, says nothing. */
function repeatsOf(action: VerdictAction, decided: Map<number, Decision>): Repeat[] {
  const { part, samples, reviewer } = action;
  return samples.flatMap((sample, i): Repeat[] => {
    const [first, again] = [decided.get(sample), verdictOf(action, i)];
    if (!isDecided(first) || again.verdict === "later") return [];
    return [{ part, sample, reviewer, agreed: first.verdict === again.verdict && first.label === again.label }];
  });
}

/** Whether there is a verdict, other than to look later. */
export const isDecided = (decision: Decision | undefined | null): decision is Decision =>
  decision !== undefined && decision !== null && decision.verdict !== "later";

/** Whether a verdict says that the given label is wrong; null for `later`. An ambiguous sample's label is not wrong. */
export function saysWrong(verdict: Verdict): boolean | null {
  return verdict === "later" ? null : verdict === "relabel" || verdict === "none";
}
