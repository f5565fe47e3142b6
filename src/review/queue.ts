// The queue of samples to review: filtered, the most suspect first, decided ones left out but for a few blind repeats.

import type { Verdict, VerdictAction } from "./actions.js";
import { isDecided, type ReviewState } from "./state.js";
import type { Suspects } from "./stop.js";

/** The samples of a part as `issues` ranks them; every array has an entry a sample. */
export interface QueueSource extends Suspects {
  readonly classes: readonly string[];
  /** Class numbers; -1 for none. */
  readonly given: Int32Array;
  readonly suggested: Int32Array;
  /** The epoch from which on the network never predicted the label; -1 where it did. */
  readonly disagrees?: Int32Array | undefined;
  readonly files?: readonly string[] | undefined;
}

export interface QueueFilter {
  readonly reviewer: string;
  /** open: without a verdict, or to look at later. */
  readonly state: "open" | "decided" | "any";
  /** Class names. */
  readonly given?: string | undefined;
  readonly suggested?: string | undefined;
  readonly verdict?: Verdict | undefined;
  /** The least P(wrong). */
  readonly minWrong?: number | undefined;
  /** Those that the network disagrees with from this epoch on, or an earlier one. */
  readonly disagreesBy?: number | undefined;
  /** A part of the file's path, of any case; of the sample number for data that is not in files. */
  readonly search?: string | undefined;
  /** These samples alone, in this order: an audit's draws, a selection on the map. */
  readonly among?: ArrayLike<number> | undefined;
}

export interface ReviewQueue {
  /** Rows of the source. */
  readonly rows: Int32Array;
  /** Those of them that are shown again: without their decision, so that the reviewer is blind to it. */
  readonly again: ReadonlySet<number>;
}

/** One decided sample in this many is shown again, after this many other actions, and at every such position of the queue. */
const REPEAT = 20;
/** Where among the first twenty a repeat is shown. */
const FIRST_REPEAT = 9;

/**
 * The rows that pass the filter: the most suspect first, ties and samples without a P(wrong) by number, those to look at later
 * at the end. In the open queue 5% of what this reviewer decided comes again blind, once each, one at every twentieth place:
 * which ones depends on the seed, the part and the sample's number alone.
 */
export function reviewQueue(state: ReviewState, source: QueueSource, filter: QueueFilter, seed = 0): ReviewQueue {
  const decisions = state.decisions(source.part, filter.reviewer);
  const passing = candidates(source, filter.among).filter(matcher(source, filter));
  const decisionOf = (row: number) => decisions.get(source.samples[row]!);
  const isOpen = (row: number) => !isDecided(decisionOf(row));
  const ofVerdict = (row: number) => filter.verdict === undefined || decisionOf(row)?.verdict === filter.verdict;
  if (filter.state === "any") return { rows: passing.filter(ofVerdict), again: new Set() };
  if (filter.state === "decided") {
    return { rows: passing.filter((row) => !isOpen(row) && ofVerdict(row)), again: new Set() };
  }
  const open = passing.filter((row) => isOpen(row) && ofVerdict(row));
  const isLater = (row: number) => decisionOf(row) !== undefined;
  const ordered = [...open.filter((row) => !isLater(row)), ...open.filter(isLater)];
  if (filter.verdict !== undefined) return { rows: Int32Array.from(ordered), again: new Set() };
  const due = dueAgain(state, source, filter.reviewer, seed);
  const repeats = Array.from(passing.filter((row) => due.has(source.samples[row]!)));
  return { rows: Int32Array.from(withRepeats(ordered, repeats)), again: new Set(repeats) };
}

/** All rows by P(wrong), sorted once for each array. */
const orders = new WeakMap<Float64Array, Int32Array>();

function candidates({ pWrong, samples }: QueueSource, among: QueueFilter["among"]): Int32Array {
  if (among !== undefined) {
    const rowOf = new Map(Array.from(samples, (sample, row) => [sample, row]));
    return Int32Array.from(Array.from(among).flatMap((sample) => rowOf.get(sample) ?? []));
  }
  const known = orders.get(pWrong);
  if (known !== undefined) return known;
  const rank = pWrong.map((p) => (Number.isNaN(p) ? -1 : p));
  const order = Int32Array.from(pWrong.keys()).sort((a, b) => rank[b]! - rank[a]! || a - b);
  orders.set(pWrong, order);
  return order;
}

function matcher(source: QueueSource, filter: QueueFilter): (row: number) => boolean {
  const { given, suggested, minWrong, disagreesBy, search } = filter;
  const { classes, samples, files, pWrong, disagrees } = source;
  const [from, to] = [given, suggested].map((name) => (name === undefined ? null : classes.indexOf(name)));
  const text = search?.toLowerCase() ?? "";
  return (row) =>
    (from === null || source.given[row] === from) &&
    (to === null || source.suggested[row] === to) &&
    (minWrong === undefined || pWrong[row]! >= minWrong) &&
    (disagreesBy === undefined || isWithin(disagrees?.[row], disagreesBy)) &&
    (text === "" || (files?.[row]?.toLowerCase() ?? String(samples[row])).includes(text));
}

const isWithin = (epoch = -1, last: number) => epoch >= 0 && epoch <= last;

/** The decided samples to show again: chosen by the seed, decided on this run twenty or more actions ago, not shown again before. */
function dueAgain(state: ReviewState, { part }: QueueSource, reviewer: string, seed: number): ReadonlySet<number> {
  const own = state.verdicts.filter((action) => action.part === part && action.reviewer === reviewer);
  const first = own.filter(({ again, carried }) => !again && !carried);
  const recent = Math.max(0, first.length - REPEAT);
  const samplesOf = (actions: readonly VerdictAction[]) => new Set(actions.flatMap(({ samples }) => samples));
  const passed = [samplesOf(first.slice(recent)), samplesOf(own.filter(({ again }) => again))];
  const decisions = state.decisions(part, reviewer);
  const salt = part.length * 0x9e3779b1 + seed;
  const due = [...samplesOf(first.slice(0, recent))].filter(
    (sample) => mixed(sample, salt) % REPEAT === 0 && isDecided(decisions.get(sample)),
  );
  return new Set(due.filter((sample) => !passed.some((samples) => samples.has(sample))));
}

/** The mixing steps of MurmurHash3 (fmix32): a number from 0 to 2^32 - 1. */
function mixed(value: number, salt: number): number {
  let hash = Math.imul(value, 0x9e3779b1) ^ salt;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function withRepeats(rows: readonly number[], repeats: readonly number[]): number[] {
  const queue: number[] = [];
  let next = 0;
  for (const row of rows) {
    if (queue.length % REPEAT === FIRST_REPEAT && next < repeats.length) queue.push(repeats[next++]!);
    queue.push(row);
  }
  return [...queue, ...repeats.slice(next)];
}
