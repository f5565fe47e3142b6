// A run as it is written: the server sends each line of its files once, and after a pause only what is new.
import { batch, type Signal, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { EpochEvent, MachineEvent, NoisePoint, NoteEvent, StatusEvent, StepEvents } from "../../api.js";
import { query, runPath } from "../app/client.js";
import { appendEpochs, appendSteps } from "./append.js";

export interface LiveRun {
  readonly epochs: Signal<readonly EpochEvent[]>;
  readonly steps: Signal<StepEvents>;
  /** Where the per-sample history has epochs. */
  readonly noise: Signal<readonly NoisePoint[]>;
  readonly status: Signal<StatusEvent | null>;
  readonly notes: Signal<readonly NoteEvent[]>;
  readonly machine: Signal<MachineEvent | null>;
  /** Whether the server is reached. */
  readonly connected: Signal<boolean>;
}

/** Follows a run while the component is mounted and its tab visible. */
export function useLiveRun(run: string): LiveRun {
  const live = useMemo(createLiveRun, [run]);
  useEffect(() => follow(run, live), [run, live]);
  return live;
}

function createLiveRun(): LiveRun {
  return {
    epochs: signal<readonly EpochEvent[]>([]),
    steps: signal<StepEvents>([]),
    noise: signal<readonly NoisePoint[]>([]),
    status: signal<StatusEvent | null>(null),
    notes: signal<readonly NoteEvent[]>([]),
    machine: signal<MachineEvent | null>(null),
    connected: signal(true),
  };
}

/** A resumed run has cut its files off: everything follows again; the noise of an epoch is replaced then. */
function clear(live: LiveRun): void {
  batch(() => {
    live.epochs.value = [];
    live.steps.value = [];
    live.notes.value = [];
  });
}

/** A browser has six connections to a server: a hidden tab gives its own back. */
function follow(run: string, live: LiveRun): () => void {
  let cursor = "";
  let stop: (() => void) | null = null;
  const setVisible = () => {
    stop?.();
    stop = document.hidden
      ? null
      : listen(run, cursor, live, (id) => {
          cursor = id;
        });
  };
  document.addEventListener("visibilitychange", setVisible);
  setVisible();
  return () => {
    document.removeEventListener("visibilitychange", setVisible);
    stop?.();
  };
}

function listen(run: string, after: string, live: LiveRun, setCursor: (id: string) => void): () => void {
  const source = new EventSource(runPath(run, "events") + query({ after }));
  const pending = { epochs: [] as EpochEvent[], steps: [] as StepEvents };
  let frame = 0;
  const flush = () => {
    frame = 0;
    batch(() => {
      if (pending.epochs.length > 0) live.epochs.value = appendEpochs(live.epochs.value, pending.epochs.splice(0));
      if (pending.steps.length > 0) live.steps.value = appendSteps(live.steps.value, pending.steps.splice(0));
    });
  };
  const on = <T>(name: string, take: (data: T) => void) =>
    source.addEventListener(name, ({ data, lastEventId }: MessageEvent<string>) => {
      if (lastEventId) setCursor(lastEventId);
      take(JSON.parse(data));
      frame ||= requestAnimationFrame(flush);
    });
  on<EpochEvent>("epoch", (epoch) => pending.epochs.push(epoch));
  on<StepEvents>("step", (steps) => pending.steps.push(...steps));
  on<NoisePoint[]>("noise", (points) => {
    const first = points[0]?.epoch ?? 0;
    live.noise.value = [...live.noise.value.filter(({ epoch }) => epoch < first), ...points];
  });
  on<StatusEvent>("status", (status) => {
    live.status.value = status;
  });
  on<MachineEvent>("machine", (machine) => {
    live.machine.value = machine;
  });
  on<NoteEvent>("note", (note) => {
    if (!live.notes.value.some(({ text }) => text === note.text)) live.notes.value = [...live.notes.value, note];
  });
  source.addEventListener("reset", () => {
    pending.epochs.length = 0;
    pending.steps.length = 0;
    clear(live);
  });
  source.addEventListener("open", () => {
    live.connected.value = true;
  });
  source.addEventListener("error", () => {
    live.connected.value = false;
  });
  return () => {
    cancelAnimationFrame(frame);
    flush();
    source.close();
  };
}
