// A queue as it was when the page first requested it: the samples decided since keep their places here, though they have left the
// queue on the server.
import { signal } from "@preact/signals";
import type { Decision, QueueItem, QueuePage } from "../../api.js";

/** Items of one request. */
export const PAGE_SIZE = 100;

/** Loads a part of the server's queue as it is now; with a sample, also where that stands. */
export type LoadPage = (offset: number, limit: number, at?: number) => Promise<QueuePage>;

interface Options {
  readonly load: LoadPage;
  /** Whether the server's queue loses what is decided. */
  readonly loses: boolean;
}

/** The places of a queue, loaded as they are looked at. */
export class Snapshot {
  /** How many places there are; null before the first page. */
  readonly total = signal<number | null>(null);
  /** Counts changes of items: components that read it are drawn again. */
  readonly version = signal(0);
  readonly error = signal<Error | null>(null);

  private readonly options: Options;
  private readonly items = new Map<number, QueueItem>();
  private readonly places = new Map<number, number>();
  private readonly left = new Set<number>();
  /** Places of samples that were to be looked at later before the page was opened: they stand at the end of the server's queue. */
  private readonly later = new Set<number>();
  private readonly loaded = new Set<number>();
  private readonly requested = new Map<number, Promise<void>>();

  constructor(options: Options) {
    this.options = options;
  }

  /** The item at a place; undefined while it loads. */
  at(place: number): QueueItem | undefined {
    return this.items.get(place);
  }

  /** Where a sample stands; undefined if it is not loaded. */
  placeOf(sample: number): number | undefined {
    return this.places.get(sample);
  }

  /** Where a sample stands, be it loaded or not; undefined if it is not in the queue, or the server cannot be asked. */
  async find(sample: number): Promise<number | undefined> {
    const known = this.placeOf(sample);
    if (known !== undefined) return known;
    try {
      const { place } = await this.options.load(0, 1, sample);
      if (place === null) return undefined;
      await this.ensure(place, place);
    } catch (error) {
      this.error.value = error as Error;
    }
    return this.placeOf(sample);
  }

  /** Whether the server's queue turned out to have nothing for a place: samples moved while it was looked at. */
  isHole(place: number): boolean {
    return this.loaded.has(Math.floor(place / PAGE_SIZE)) && !this.items.has(place);
  }

  /** Whether the sample of a place has left the server's queue since it was loaded. */
  hasLeft(place: number): boolean {
    return this.options.loses && this.left.has(place);
  }

  /** Loads the pages that hold these places, unless they are here already. */
  async ensure(from: number, to: number): Promise<void> {
    const pages: Promise<void>[] = [];
    const last = Math.min(to, (this.total.value ?? Number.POSITIVE_INFINITY) - 1);
    for (let page = Math.floor(from / PAGE_SIZE); page <= Math.floor(last / PAGE_SIZE); page++) {
      const request = this.requested.get(page) ?? this.loadPage(page);
      this.requested.set(page, request);
      pages.push(request);
    }
    await Promise.all(pages);
  }

  /** Whether the end is the end: blind repeats take places of samples, which get one behind it. */
  async extend(): Promise<void> {
    try {
      const missing: QueueItem[] = [];
      for (let offset = 0, total = 1; offset < total; offset += PAGE_SIZE) {
        const page = await this.options.load(offset, PAGE_SIZE);
        missing.push(...page.items.filter(({ sample, again }) => !again && !this.places.has(sample)));
        total = page.total;
      }
      const end = this.total.value ?? 0;
      this.place(end, missing);
      this.total.value = end + missing.length;
      this.error.value = null;
    } catch (error) {
      this.error.value = error as Error;
    }
    this.version.value += 1;
  }

  /** Takes decisions over from the server, or from another tab. */
  apply(decisions: ReadonlyMap<number, Decision | null>): void {
    for (const [sample, decision] of decisions) {
      const place = this.places.get(sample);
      const item = place === undefined ? undefined : this.items.get(place);
      if (place === undefined || !item) continue;
      this.items.set(place, { ...item, decision });
      if (decision && !(decision.verdict === "later" && this.later.has(place))) this.left.add(place);
      else this.left.delete(place);
    }
    this.version.value += 1;
  }

  private async loadPage(page: number): Promise<void> {
    const first = page * PAGE_SIZE;
    try {
      const { total, items } = await this.options.load(first - this.leftBefore(first), PAGE_SIZE);
      this.total.value ??= total;
      this.place(first, items);
      this.loaded.add(page);
      this.error.value = null;
    } catch (error) {
      this.requested.delete(page);
      this.error.value = error as Error;
    }
    this.version.value += 1;
  }

  /** Samples that stand elsewhere already are passed over, but for those shown again blind. */
  private place(first: number, items: readonly QueueItem[]): void {
    for (const [i, item] of items.filter(({ sample, again }) => again || !this.places.has(sample)).entries()) {
      this.items.set(first + i, item);
      this.places.set(item.sample, first + i);
      if (item.decision?.verdict === "later") this.later.add(first + i);
    }
  }

  private leftBefore(place: number): number {
    if (!this.options.loses) return 0;
    return [...this.left].filter((other) => other < place).length;
  }
}
