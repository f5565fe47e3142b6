// A made-up data set under review: suspects, details, verdicts and undo, in memory.

import type { z } from "zod";
import type {
  Decision,
  Overview,
  QueueItem,
  QueuePage,
  queueQuery,
  ReviewStats,
  SampleDetails,
  Saved,
  verdictAction,
} from "../../../src/studio/api.js";

export const classes = ["bars", "crescent", "cross", "disc", "ell", "frame", "ring", "square", "star", "triangle"];

interface Action {
  readonly id: string;
  readonly before: Map<number, Decision | null>;
}

export class FakeReview {
  readonly decisions = new Map<number, Decision>();
  readonly actions: Action[] = [];
  audit: { drawn: number; samples: Set<number> } | null = null;

  readonly samples: number;

  constructor(samples: number) {
    this.samples = samples;
  }

  item(sample: number): QueueItem {
    const given = classes[sample % 10] as string;
    const suggested = classes[(sample + 1 + (sample % 3)) % 10] as string;
    return {
      sample,
      file: `${given}/${String(sample).padStart(6, "0")}.png`,
      given,
      suggested,
      pWrong: this.pWrong(sample),
      reason: null,
      decision: this.decisions.get(sample) ?? null,
      again: sample % 40 === 39,
    };
  }

  pWrong(sample: number): number {
    return 0.98 * Math.exp((-4 * sample) / this.samples);
  }

  queue(query: z.output<typeof queueQuery>): QueuePage {
    const requested = query.samples === undefined ? null : new Set(query.samples.split(",").map(Number));
    const matches = Array.from({ length: this.samples }, (_, i) => i).filter((sample) => {
      const { given, suggested, decision, pWrong } = this.item(sample);
      if (requested && !requested.has(sample)) return false;
      if (query.queue === "audit" && !this.audit?.samples.has(sample)) return false;
      if (query.given !== undefined && given !== query.given) return false;
      if (query.suggested !== undefined && suggested !== query.suggested) return false;
      if (query.minWrong !== undefined && (pWrong ?? 0) < query.minWrong) return false;
      if (query.state === "open") return !decision || decision.verdict === "later";
      return query.state === "any" || decision !== null;
    });
    const items = matches.slice(query.offset, query.offset + query.limit).map((sample) => this.item(sample));
    const place = matches.indexOf(query.at ?? -1);
    return { total: matches.length, items, place: place < 0 ? null : place };
  }

  details(sample: number): SampleDetails {
    const item = this.item(sample);
    const order = [item.suggested as string, item.given as string, ...classes].filter(
      (c, i, all) => all.indexOf(c) === i,
    );
    const near = (label: string | null) =>
      [1, 2, 3, 4].map((i) => ({
        sample: (sample * 7 + i * 10) % this.samples,
        label: label ?? "",
        similarity: 0.99 - i / 50,
      }));
    return {
      ...item,
      beliefs: order.map((label, i) => ({ label, probability: 0.6 * 0.4 ** i })),
      guess: "mislabeled",
      width: 32,
      height: 32,
      nearestGiven: near(item.given),
      nearestSuggested: near(item.suggested),
      trajectory: Array.from({ length: 20 }, (_, epoch) => ({
        epoch,
        probability: 0.4 * Math.exp(-epoch / 6) + 0.05,
        target: epoch < 6 ? 1 : 0.9 ** (epoch - 5),
        predicted: (epoch < 4 ? classes[(sample + epoch) % 10] : item.suggested) as string,
      })),
      disagreesFrom: 4,
    };
  }

  decide({ samples, verdict, label, labels, reviewer }: z.output<typeof verdictAction>): Saved {
    const id = `a${this.actions.length}`;
    this.actions.push({ id, before: new Map(samples.map((sample) => [sample, this.decisions.get(sample) ?? null])) });
    const time = new Date(0).toISOString();
    for (const [i, sample] of samples.entries())
      this.decisions.set(sample, { verdict, label: labels?.[i] ?? label ?? null, reviewer, time });
    return this.saved(id, samples);
  }

  undo(): Saved | null {
    const action = this.actions.pop();
    if (!action) return null;
    for (const [sample, before] of action.before) {
      if (before) this.decisions.set(sample, before);
      else this.decisions.delete(sample);
    }
    return this.saved(action.id, [...action.before.keys()]);
  }

  private saved(action: string, samples: readonly number[]): Saved {
    const decisions = Object.fromEntries(samples.map((sample) => [sample, this.decisions.get(sample) ?? null]));
    return { action, part: "train", decisions, stats: this.stats() };
  }

  overview(): Overview {
    const pairs = classes.map((_, given) => classes.map((_, suggested) => this.pairCount(given, suggested)));
    return {
      parts: [
        { name: "train", samples: this.samples },
        { name: "test", samples: 200 },
      ],
      classes,
      noiseRate: { estimate: 0.21, low: 0.18, high: 0.24, unknown: null },
      pairs,
      queues: [
        {
          name: "suspects",
          title: "Most suspect",
          count: this.samples,
          advice: "Start here: the most errors per click.",
        },
        {
          name: "conflicts",
          title: "Copies with conflicting labels",
          count: 14,
          advice: "At least one label of each is wrong.",
        },
        { name: "leaks", title: "Copies across parts", count: 3, advice: "Test images that were trained on." },
        { name: "outliers", title: "Outliers", count: 41, advice: "Far from every class: often none of them." },
        { name: "quality", title: "Image quality", count: 9, advice: "Dark, blurred or empty images." },
      ],
      hasMap: true,
      hasPictures: true,
      notes: [],
      version: "fake",
    };
  }

  /** One pair a class, of five sizes. */
  private pairCount(given: number, suggested: number): number {
    const shift = (suggested - given + 10) % 10;
    return shift >= 1 && shift <= 3 && given % 3 === shift - 1
      ? Math.round((this.samples / 50) * (1 + (given % 5)))
      : 0;
  }

  stats(): ReviewStats {
    const wrong = [...this.decisions.values()].filter(({ verdict }) => verdict === "relabel" || verdict === "none");
    const decided = this.decisions.size;
    const left = Math.max(0, 0.21 * this.samples - wrong.length);
    const checked = [...(this.audit?.samples ?? [])].filter((sample) => this.decisions.has(sample)).length;
    return {
      decided,
      wrongFound: wrong.length,
      next: { items: 50, errors: 31, minutes: decided < 5 ? null : 4.2 },
      expectedLeft: left,
      curve: Array.from({ length: decided + 1 }, (_, i) => ({
        verdicts: i,
        found: Math.min(i, wrong.length),
        predicted: 0.93 * i,
      })),
      precision: decided === 0 ? [] : [{ from: 0.9, to: 0.99, verdicts: decided, wrong: wrong.length }],
      consistency: { again: Math.floor(decided / 20), agreed: Math.floor(decided / 20) },
      audit: this.audit && {
        drawn: this.audit.drawn,
        decided: checked,
        wrong: 0,
        bound: checked < this.audit.drawn ? null : 0.01,
        confidence: 0.95,
        corrected: checked < this.audit.drawn ? null : 0.97,
        text:
          checked < this.audit.drawn
            ? `${checked} of ${this.audit.drawn} drawn at random are decided.`
            : "At least 97.0% of all wrong labels are found.",
      },
      kappa: null,
      undoable: this.actions.length > 0,
      advice: "The next 50 hold about 31 wrong labels, about 4 min.",
    };
  }

  startAudit(draws: number): ReviewStats {
    const drawn = Math.min(draws, this.samples);
    this.audit = {
      drawn,
      samples: new Set(Array.from({ length: drawn }, (_, i) => Math.floor((i * this.samples) / drawn))),
    };
    return this.stats();
  }
}
