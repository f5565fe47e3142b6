// Random audits: a bound on how many wrong labels are left, from samples drawn at random from those not reviewed.
import { randomInt } from "node:crypto";
import { randomFrom } from "../data/random.js";
import { InputError } from "../errors.js";
import { counted, percent } from "../format.js";
import { binomialTailInversion } from "../metrics/index.js";
import type { AuditAction, ReviewPart } from "./actions.js";
import { isDecided, type ReviewState, saysWrong } from "./state.js";

/** The chance that a bound does not hold. */
const ALPHA = 0.05;

/** A draw that is recorded before any of its samples is looked at. */
export interface AuditDraw {
  readonly kind: "audit";
  readonly part: ReviewPart;
  readonly samples: number[];
  readonly population: number;
  readonly reviewer: string;
}

export interface AuditRequest {
  readonly part: ReviewPart;
  /** All sample numbers of the part. */
  readonly samples: Int32Array;
  readonly draws: number;
  readonly reviewer: string;
  /** Default: a random one. */
  readonly seed?: number;
}

export interface AuditResult {
  readonly drawn: number;
  readonly decided: number;
  readonly wrong: number;
  /** At most this fraction of the samples not reviewed at the draw is wrong; null until all draws are decided. */
  readonly bound: number | null;
  readonly confidence: number;
  /** At least this fraction of all wrong labels has been found; null until all draws are decided. */
  readonly corrected: number | null;
  readonly text: string;
}

/**
 * Draws samples without replacement from those that no reviewer has decided, all of them where there are fewer.
 * @throws InputError where every sample has a decision.
 */
export function drawAudit(
  state: ReviewState,
  { part, samples, draws, reviewer, seed = randomInt(2 ** 31) }: AuditRequest,
): AuditDraw {
  const decisions = state.reviewers.map((name) => state.decisions(part, name));
  const open = samples.filter((sample) => !decisions.some((known) => isDecided(known.get(sample))));
  if (open.length === 0) throw new InputError(`every sample of the ${part} part has a verdict: nothing to audit`);
  const drawn = randomFrom(seed, "audit").sample(open.length, Math.min(draws, open.length));
  return { kind: "audit", part, samples: Array.from(drawn, (i) => open[i]!), population: open.length, reviewer };
}

/**
 * The result of a part's last audit by a reviewer; null without one.
 *
 * Of n drawn, x wrong: with confidence 95% at most B*(x, n, 0.05) of the samples that were not reviewed at the draw are wrong
 * (one-sided Clopper-Pearson, `binomialTailInversion`; conservative, because draws are without replacement). With N of them and
 * f wrong labels found in all, those x included, at least f / (f + B* N - x) of all wrong labels have been found.
 */
export function auditResult(state: ReviewState, part: ReviewPart, reviewer: string): AuditResult | null {
  const audits = state.audits.filter((audit) => audit.part === part && audit.reviewer === reviewer);
  const last = audits.at(-1);
  return last === undefined ? null : resultOf(state, last, audits.length);
}

function resultOf(state: ReviewState, { part, samples, population, reviewer }: AuditAction, audits: number) {
  const decisions = state.decisions(part, reviewer);
  const verdicts = samples.flatMap((sample) => {
    const decision = decisions.get(sample);
    return isDecided(decision) ? [saysWrong(decision.verdict)] : [];
  });
  const [drawn, decided, wrong] = [samples.length, verdicts.length, verdicts.filter(Boolean).length];
  const facts = { drawn, decided, wrong, confidence: 1 - ALPHA };
  if (decided < drawn) return { ...facts, bound: null, corrected: null, text: unfinishedText(drawn, decided, wrong) };
  const bound = boundOf(wrong, drawn, population);
  const found = [...decisions.values()].filter(({ verdict }) => saysWrong(verdict)).length;
  const left = Math.max(0, bound * population - wrong);
  const corrected = found + left === 0 ? 1 : found / (found + left);
  const text = drawn === population ? completeText(wrong, drawn) : finishedText(wrong, drawn, bound, corrected, audits);
  return { ...facts, bound, corrected, text };
}

/** Exact where every sample was drawn. */
const boundOf = (wrong: number, drawn: number, population: number) =>
  drawn === population ? wrong / drawn : binomialTailInversion(wrong, drawn, ALPHA);

const unfinishedText = (drawn: number, decided: number, wrong: number) =>
  `${decided} of ${drawn} drawn at random are decided, ${wrong} of them wrong; the bound follows when all are`;

const completeText = (wrong: number, drawn: number) =>
  `all ${drawn} samples that were not reviewed are decided, ${wrong} of them wrong: nothing is left to estimate`;

function finishedText(wrong: number, drawn: number, bound: number, corrected: number, audits: number): string {
  const counts = `${wrong} wrong among ${drawn} drawn at random from those not reviewed`;
  const claim = `with ${percent(1 - ALPHA, 0)} confidence at most ${percent(bound)} of those not reviewed are wrong`;
  const least = `at least ${percent(corrected)} of all wrong labels are found`;
  const chance = percent(Math.min(1, ALPHA * audits), 0);
  const repeated =
    audits === 1 ? "" : `; after ${counted(audits, "audit")}, all bounds hold but for a chance of ${chance}`;
  return `${counts}: ${claim}; ${least}${repeated}`;
}
