// A reviewer at a queue: the place, the verdicts on their way to the disk, and what the server says about the review so far.
import { batch, signal } from "@preact/signals";
import type { Decision, QueueItem, ReviewStats, Saved, VerdictAction, VerdictName } from "../../api.js";
import { announce } from "../app/announce.js";
import { getJson, postJson, query, runPath } from "../app/client.js";
import { isOpen, partOf, type QueueFilters, queueOf, queueSearch } from "./filters.js";
import { queueLoader } from "./load-queue.js";
import { Snapshot } from "./snapshot.js";

/** Longest time that counts for one sample: the reviewer was away. */
const LONGEST_SECONDS = 120;

/** What one key decides, of one sample or of many. */
export interface Verdict {
  readonly verdict: VerdictName;
  /** The class of each sample, for `relabel`. */
  readonly labels?: readonly string[];
}

/** What another tab saved: of the same reviewer, as verdicts of others are not shown. */
interface News {
  readonly run: string;
  readonly part: string;
  readonly reviewer: string;
  readonly decisions: Saved["decisions"];
}

/** Samples whose verdicts could not be saved and were not given again, and why. */
interface NotSaved {
  readonly samples: ReadonlySet<number>;
  readonly reason: string;
}

export class ReviewSession {
  readonly run: string;
  readonly filters: QueueFilters;
  readonly reviewer: string;
  readonly queue: Snapshot;
  /** The place that is looked at. */
  readonly place = signal(0);
  readonly stats = signal<ReviewStats | null>(null);
  /** Actions that the server has not yet saved. */
  readonly unsaved = signal(0);
  readonly error = signal<string | null>(null);
  readonly notSaved = signal<NotSaved | null>(null);

  private since = performance.now();
  private last: Promise<unknown> = Promise.resolve();
  private readonly news = new BroadcastChannel("selfadapt-verdicts");

  constructor(run: string, filters: QueueFilters, reviewer: string) {
    this.run = run;
    this.filters = filters;
    this.reviewer = reviewer;
    const load = queueLoader(run, filters, reviewer);
    this.queue = new Snapshot({ load, loses: isOpen(filters) });
    this.news.onmessage = ({ data }: MessageEvent<News>) => {
      const isOurs = data.run === run && data.part === partOf(filters) && data.reviewer === reviewer;
      if (isOurs) this.queue.apply(decisionsOf(data.decisions));
    };
    this.loadStats();
  }

  /** Seconds since this was last called: the time that the reviewer took for what is decided now. */
  secondsSince(): number {
    const now = performance.now();
    const seconds = (now - this.since) / 1000;
    this.since = now;
    return seconds;
  }

  close(): void {
    this.news.close();
  }

  /** Reads the review's figures again. */
  async loadStats(): Promise<void> {
    const search = query({ part: partOf(this.filters), reviewer: this.reviewer });
    try {
      this.stats.value = await getJson<ReviewStats>(runPath(this.run, "stats") + search);
    } catch (error) {
      this.error.value = (error as Error).message;
    }
  }

  /**
   * Decides samples as one action, those shown again blind as another one before it: a repeat changes no decision. They show the
   * verdict at once; if it cannot be saved they lose it again, and the error says so.
   * @returns whether all were saved
   */
  async decide(items: readonly QueueItem[], { verdict, labels }: Verdict, seconds: number): Promise<boolean> {
    const saved = [true, false].map((again) => {
      const places = [...items.keys()].filter((i) => items[i]!.again === again);
      const chosen = places.map((i) => items[i]!);
      const given = { verdict, ...(labels && { labels: places.map((i) => labels[i]!) }) };
      return chosen.length === 0 || this.act(chosen, given, (seconds * chosen.length) / items.length);
    });
    return (await Promise.all(saved)).every(Boolean);
  }

  private act(items: readonly QueueItem[], { verdict, labels }: Verdict, seconds: number): Promise<boolean> {
    const before = new Map(items.map(({ sample, decision }) => [sample, decision]));
    const action: VerdictAction = {
      part: partOf(this.filters),
      queue: queueOf(this.filters),
      reviewer: this.reviewer,
      verdict,
      ...(labels && labelsField(labels)),
      samples: items.map(({ sample }) => sample),
      seconds: Math.min(seconds, LONGEST_SECONDS * items.length),
      again: items[0]!.again,
    };
    const time = new Date().toISOString();
    const shown = { verdict, reviewer: this.reviewer, time };
    this.queue.apply(new Map(items.map(({ sample }, i) => [sample, { ...shown, label: labels?.[i] ?? null }])));
    return this.send("verdicts", action).then(
      () => {
        this.keepUnsaved(action.samples, null);
        return true;
      },
      ({ message }: Error) => {
        batch(() => {
          this.queue.apply(before);
          this.keepUnsaved(action.samples, message);
        });
        announce(`Not saved: ${message}`);
        return false;
      },
    );
  }

  /** Keeps samples whose verdicts were not saved for this reason; without a reason they are saved. */
  private keepUnsaved(saved: readonly number[], reason: string | null): void {
    const known = this.notSaved.value;
    const samples = new Set(known?.samples);
    for (const sample of saved) reason === null ? samples.delete(sample) : samples.add(sample);
    this.notSaved.value = samples.size === 0 ? null : { samples, reason: reason ?? known!.reason };
  }

  /** Takes back the reviewer's last action: one sample or many. @returns the samples of the action in this part */
  async undo(): Promise<readonly number[]> {
    const saved = await this.send("undo", { reviewer: this.reviewer }).catch(({ message }: Error) => {
      this.error.value = message;
      announce(message);
    });
    if (!saved) return [];
    const samples = Object.keys(saved.decisions).map(Number);
    announce(samples.length === 1 ? "Undone" : `Undid ${samples.length} samples`);
    return saved.part === partOf(this.filters) ? samples : [];
  }

  /** Requests go out one after another: an undo follows what it takes back. @throws {RequestError} */
  private send(what: "verdicts" | "undo", body: unknown): Promise<Saved> {
    this.unsaved.value += 1;
    const request = this.last.then(async () => {
      try {
        const saved = await postJson<Saved>(runPath(this.run, what), body);
        this.take(saved);
        return saved;
      } finally {
        this.unsaved.value -= 1;
      }
    });
    this.last = request.catch(() => {});
    return request;
  }

  /** An undo may be of another part: its sample numbers mean other samples. */
  private take({ part, decisions, stats }: Saved): void {
    const isHere = part === partOf(this.filters);
    batch(() => {
      this.error.value = null;
      if (!isHere) return;
      this.stats.value = stats;
      this.queue.apply(decisionsOf(decisions));
    });
    if (!isHere) this.loadStats();
    this.news.postMessage({ run: this.run, part, reviewer: this.reviewer, decisions } satisfies News);
  }
}

/** One class for all of an action's samples is written once. */
const labelsField = (labels: readonly string[]) =>
  new Set(labels).size === 1 ? { label: labels[0]! } : { labels: [...labels] };

function decisionsOf(decisions: Saved["decisions"]): ReadonlyMap<number, Decision | null> {
  return new Map(Object.entries(decisions).map(([sample, decision]) => [Number(sample), decision]));
}

let current: { key: string; session: ReviewSession } | null = null;

/** The session of a queue: review and grid share one, so that going from one to the other keeps place and order. */
export function sessionOf(run: string, filters: QueueFilters, reviewer: string): ReviewSession {
  const key = `${run} ${reviewer} ${queueSearch(filters)}`;
  if (current?.key === key) return current.session;
  current?.session.close();
  current = { key, session: new ReviewSession(run, filters, reviewer) };
  return current.session;
}

/** Begins the queue again: what has been decided leaves it. */
export function forgetSession(): void {
  current?.session.close();
  current = null;
}
