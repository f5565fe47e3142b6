// What the verdicts make of the labels: corrected, left out, confirmed.
import { didYouMean, InputError } from "../errors.js";
import type { ReviewPart } from "./actions.js";
import type { LabeledData } from "./labeled-data.js";
import { type Decision, isDecided, type ReviewState } from "./state.js";

/** One sample of a reviewed part. */
export interface ReviewedSample {
  readonly part: ReviewPart;
  readonly index: number;
  readonly file: string | null;
  /** The given class. */
  readonly given: string;
  /** The class after the review; null where it is left out. */
  readonly label: string | null;
  /** The verdict; null without one, and where reviewers disagree. */
  readonly decision: Decision | null;
  /** Whether the given label was confirmed before the review. */
  readonly pinned: boolean;
}

export interface ReviewedData {
  /** Every sample: those of the training data with its validation part, then those of the test set. */
  readonly samples: readonly ReviewedSample[];
  readonly relabeled: number;
  readonly leftOut: number;
  readonly confirmed: number;
  /** Samples on which reviewers disagree: they stay as they are. */
  readonly disputed: number;
}

/**
 * The data after the verdicts of one reviewer, or of all: `right` confirms the given label, `relabel` replaces it, `none` leaves
 * the sample out; `ambiguous` and `later` change nothing: what was left out before stays out. Where reviewers disagree the sample stays as it is.
 * @throws InputError for a verdict on a sample or with a class that the data does not have.
 */
export function reviewedData(state: ReviewState, data: LabeledData, reviewer?: string): ReviewedData {
  const { train, test, classes, validation, leftOut, pinned } = data;
  const givenOf = (labels: Int32Array | undefined) => (sample: number) => classes[labels?.[sample] ?? -1] ?? null;
  const trained = agreed(state, ["train", "validation"], { reviewer, givenOf: givenOf(train.labels) });
  const tested = agreed(state, ["test"], { reviewer, givenOf: givenOf(test?.labels) });
  const held = new Set(validation);
  const partOf = (i: number): ReviewPart => (held.has(i) ? "validation" : "train");
  requireKnown("train", trained.decisions, train.labels.length, classes);
  requireKnown("test", tested.decisions, test?.labels.length ?? 0, classes);
  const samples = [
    ...reviewedPart({ ...train, leftOut, pinned }, trained.decisions, classes, partOf),
    ...(test === null ? [] : reviewedPart(test, tested.decisions, classes, () => "test")),
  ];
  const count = (...names: string[]) =>
    samples.filter(({ decision }) => names.includes(decision?.verdict ?? "")).length;
  return {
    samples,
    relabeled: count("relabel"),
    leftOut: count("none"),
    confirmed: count("right"),
    disputed: trained.disputed + tested.disputed,
  };
}

/** Whether the label is a person's: confirmed or given by a verdict, or without one confirmed before. */
export const isConfirmed = ({ decision, pinned }: ReviewedSample) =>
  decision === null ? pinned : decision.verdict === "right" || decision.verdict === "relabel";

function reviewedPart(
  { labels, files, leftOut, pinned }: LabeledData["train"] & Pick<LabeledData, "leftOut" | "pinned">,
  decisions: ReadonlyMap<number, Decision>,
  classes: readonly string[],
  partOf: (index: number) => ReviewPart,
): ReviewedSample[] {
  return Array.from(labels, (number, index) => {
    const [given, decision] = [classes[number]!, decisions.get(index) ?? null];
    const label = labelAfter(decision, given, leftOut?.has(index) ?? false);
    const file = files?.[index] ?? null;
    return { part: partOf(index), index, file, given, label, decision, pinned: pinned?.has(index) ?? false };
  });
}

function labelAfter(decision: Decision | null, given: string, wasLeftOut: boolean): string | null {
  switch (decision?.verdict) {
    case "none":
      return null;
    case "right":
      return given;
    case "relabel":
      return decision.label;
    default:
      return wasLeftOut ? null : given;
  }
}

interface Agreement {
  /** Default: all. */
  readonly reviewer: string | undefined;
  readonly givenOf: (sample: number) => string | null;
}

/** The decisions that no other reviewer contradicts, and how many samples have contradicting ones. To give a sample the class that it has says that its label is right. */
function agreed(state: ReviewState, parts: readonly ReviewPart[], { reviewer, givenOf }: Agreement) {
  const reviewers = reviewer === undefined ? state.reviewers : [reviewer];
  const decisions = new Map<number, Decision>();
  const disputed = new Set<number>();
  for (const [sample, own] of parts.flatMap((part) => reviewers.flatMap((name) => [...state.decisions(part, name)]))) {
    if (!isDecided(own)) continue;
    const isGiven = own.label !== null && own.label === givenOf(sample);
    const decision: Decision = isGiven ? { ...own, verdict: "right", label: null } : own;
    const other = decisions.get(sample);
    if (other !== undefined && (other.verdict !== decision.verdict || other.label !== decision.label))
      disputed.add(sample);
    decisions.set(sample, decision);
  }
  for (const sample of disputed) decisions.delete(sample);
  return { decisions, disputed: disputed.size };
}

function requireKnown(
  part: string,
  decisions: ReadonlyMap<number, Decision>,
  samples: number,
  classes: readonly string[],
): void {
  for (const [sample, { label }] of decisions) {
    if (sample >= samples) {
      const expected = samples === 0 ? `the data has no ${part} part` : `expected 0 to ${samples - 1}`;
      throw new InputError(`review.jsonl has a verdict on sample ${sample} of the ${part} part: ${expected}`);
    }
    if (label !== null && !classes.includes(label)) {
      const expected = `expected one of ${classes.join(", ")}${didYouMean(label, classes)}`;
      throw new InputError(`review.jsonl gives sample ${sample} of the ${part} part the label "${label}": ${expected}`);
    }
  }
}
