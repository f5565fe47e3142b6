// When to stop: what the next samples hold, how long they take, and how good the predictions were so far.
import { counted } from "../format.js";
import type { ReviewPart } from "./actions.js";
import { type CheckedProbability, recalibration } from "./recalibrate.js";
import { isDecided, type ReviewState, saysWrong } from "./state.js";

/** The samples of a part with their P(wrong) before any verdict; NaN where there is none. */
export interface Suspects {
  readonly part: ReviewPart;
  /** Sample numbers. */
  readonly samples: Int32Array;
  readonly pWrong: Float64Array;
}

export interface WhatIsLeft {
  /** Of the most suspect samples without a decision: expected wrong labels, and minutes at the reviewer's pace. */
  readonly next: { readonly items: number; readonly errors: number; readonly minutes: number | null };
  /** Expected wrong labels among all samples without a decision. */
  readonly expectedLeft: number;
  readonly advice: string;
}

/** Wrong labels found after so many verdicts, and predicted. */
export interface CurvePoint {
  readonly verdicts: number;
  readonly found: number;
  readonly predicted: number;
}

/** Verdicts before a pace is stated. */
const LEAST_VERDICTS = 5;
/** Seconds after which a reviewer is taken to have left. */
const LONGEST = 60;
/** Points of the curve. */
const POINTS = 200;
/** Between the bands of P(wrong). */
const EDGES = [0, 0.1, 0.5, 0.9, 0.99, 1];
/** Below one wrong label in this many, a random audit says more than the next of the queue. */
const RARE = 20;

/** The verdicts on samples of similar P(wrong), and how many of them say that the label is wrong. */
export interface BandPrecision {
  readonly from: number;
  readonly to: number;
  readonly verdicts: number;
  readonly wrong: number;
}

/** A reviewer's decisions on samples with a known P(wrong), in the order of the verdicts. */
export function checkedProbabilities(state: ReviewState, part: ReviewPart, reviewer: string): CheckedProbability[] {
  return [...state.decisions(part, reviewer).values()].flatMap(({ verdict, pWrong }) => {
    const wrong = saysWrong(verdict);
    return wrong === null || pWrong === null ? [] : [{ pWrong, wrong }];
  });
}

/** The median of the reviewer's seconds a sample, each at most 60; null before five timed verdicts. */
export function secondsEach(state: ReviewState, reviewer: string): number | null {
  const timed = state.verdicts.flatMap(({ reviewer: by, seconds, samples }) =>
    by === reviewer && seconds !== null ? [Math.min(LONGEST, seconds / samples.length)] : [],
  );
  if (timed.length < LEAST_VERDICTS) return null;
  const sorted = timed.sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

/** What the `items` most suspect samples without a decision of this reviewer hold, by the recalibrated P(wrong). */
export function whatIsLeft(state: ReviewState, suspects: Suspects, reviewer: string, items = 50): WhatIsLeft {
  const { part, samples } = suspects;
  const decisions = state.decisions(part, reviewer);
  const recalibrate = recalibration(checkedProbabilities(state, part, reviewer));
  const open = suspects.pWrong.filter((p, row) => !Number.isNaN(p) && !isDecided(decisions.get(samples[row]!)));
  const left = open.map(recalibrate).sort().reverse();
  const most = left.subarray(0, items);
  const errors = sum(most);
  const each = secondsEach(state, reviewer);
  const next = { items: most.length, errors, minutes: each === null ? null : (each * most.length) / 60 };
  return { next, expectedLeft: sum(left), advice: adviceOn(next) };
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

function adviceOn({ items, errors, minutes }: WhatIsLeft["next"]): string {
  if (items === 0) return "Every sample has a verdict.";
  const time = minutes === null ? "" : `, about ${counted(Math.max(1, Math.round(minutes)), "minute")}`;
  const line = `The next ${items} hold about ${counted(Math.round(errors), "wrong label")}${time}.`;
  if (errors * RARE >= items) return line;
  return `${line} A random audit now says more: it bounds how many of the rest are wrong.`;
}

/**
 * Wrong labels found against verdicts, beside the number predicted: each verdict's P(wrong) recalibrated by the verdicts before it
 * alone, in steps of 50 verdicts or a tenth of those so far. At most 200 points.
 */
export function foundCurve(checked: readonly CheckedProbability[]): CurvePoint[] {
  const every = Math.max(1, Math.ceil(checked.length / POINTS));
  const points: CurvePoint[] = [];
  let [found, predicted, until] = [0, 0, 0];
  let recalibrate = recalibration([]);
  for (const [i, { pWrong, wrong }] of checked.entries()) {
    if (i === until) {
      recalibrate = recalibration(checked.slice(0, i));
      until = i + Math.max(50, Math.floor(i / 10));
    }
    found += Number(wrong);
    predicted += recalibrate(pWrong);
    if ((i + 1) % every === 0 || i === checked.length - 1) points.push({ verdicts: i + 1, found, predicted });
  }
  return points;
}

/** By bands of P(wrong), as it was before any verdict, those without verdicts left out; the highest first. */
export function precisionByBand(checked: readonly CheckedProbability[]): BandPrecision[] {
  const bands = EDGES.slice(1).map((to, i): BandPrecision => {
    const from = EDGES[i]!;
    const members = checked.filter(({ pWrong }) => pWrong >= from && (pWrong < to || to === 1));
    return { from, to, verdicts: members.length, wrong: members.filter(({ wrong }) => wrong).length };
  });
  return bands.filter(({ verdicts }) => verdicts > 0).reverse();
}
