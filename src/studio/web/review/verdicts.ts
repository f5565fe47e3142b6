// What a key means for the samples that it decides.
import type { Decision, QueueItem, VerdictName } from "../../api.js";
import type { Verdict } from "./session.js";

/** The verdict that another class is right; right, where it is the given one. */
export function relabel(items: readonly QueueItem[], labels: readonly string[]): Verdict {
  const isGiven = items.every(({ given }, i) => given === labels[i]);
  return isGiven ? { verdict: "right" } : { verdict: "relabel", labels };
}

/** Each sample gets its own suggestion; null where one has none. */
export function suggestion(items: readonly QueueItem[]): Verdict | null {
  const labels = items.map(({ suggested }) => suggested);
  return labels.length > 0 && labels.every((label) => label !== null) ? relabel(items, labels as string[]) : null;
}

const WORDS: Record<VerdictName, string> = {
  right: "right",
  relabel: "relabeled",
  none: "none of these",
  ambiguous: "ambiguous",
  later: "later",
};

/** A decision in words: "right", "dog", "none of these". */
export function decisionText({ verdict, label }: Decision): string {
  return verdict === "relabel" ? (label ?? "") : WORDS[verdict];
}

/** The same as one character, for places without room for words. */
export const decisionMark: Record<VerdictName, string> = {
  right: "\u2713",
  relabel: "\u2192",
  none: "\u2205",
  ambiguous: "?",
  later: "\u2026",
};
