// A session whose parts are timed by phase; the loop that trains it is the same.
import type { BatchSource, LoadedBatch } from "../../data/index.js";
import type { Session } from "../session/session.js";
import type { PhaseName, PhaseTimer } from "./phases.js";

/** The same session, disposed of as the one given; `began` is called when the loop begins to wait for a batch. */
export function timedSession(session: Session, timer: PhaseTimer, began: () => void): Session {
  const { forward, backward, objective, optimizer, average, trainingSource } = session;
  return {
    ...session,
    forward: Object.assign(
      (...given: Parameters<typeof forward>) => timer.time("forward", () => forward(...given)),
      forward,
    ),
    backward: (...given) => timer.time("backward", () => backward(...given)),
    objective: timedCalls(objective, { loss: "targets", step: "targets", afterStep: "targets" }, timer),
    optimizer: timedCalls(optimizer, { step: "optimizer", zeroGrad: "optimizer" }, timer),
    average: average === null ? null : timedCalls(average, { update: "optimizer" }, timer),
    trainingSource: timedSource(trainingSource, timer, began),
  };
}

/** The object, with these methods timed. */
function timedCalls<T extends object>(object: T, phases: Readonly<Record<string, PhaseName>>, timer: PhaseTimer): T {
  return new Proxy(object, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== "function") return value;
      const phase = phases[String(key)];
      const call = (...given: unknown[]): unknown => value.apply(target, given);
      return phase === undefined ? call : (...given: unknown[]) => timer.time(phase, () => call(...given));
    },
    set: (target, key, value) => Reflect.set(target, key, value),
  });
}

/** Waiting for a batch is `data`; making its images, which happens when they are first read, `augmentation`. */
function timedSource(source: BatchSource, timer: PhaseTimer, began: () => void): BatchSource {
  async function* batches(...given: Parameters<BatchSource["batches"]>) {
    const iterator = source.batches(...given);
    try {
      for (;;) {
        began();
        const next = await timer.wait("data", () => iterator.next());
        if (next.done) return;
        yield timedBatch(next.value, timer);
      }
    } finally {
      await iterator.return();
    }
  }
  return { ...source, batches };
}

function timedBatch(batch: LoadedBatch, timer: PhaseTimer): LoadedBatch {
  return Object.create(batch, {
    images: { get: () => timer.time("augmentation", () => batch.images) },
    parts: {
      *value(count: number) {
        for (const part of batch.parts(count)) yield timedBatch(part, timer);
      },
    },
  }) as LoadedBatch;
}
