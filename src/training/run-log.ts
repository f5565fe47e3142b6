// Writes what a page shows of a run in progress: some steps, and the notes. A disk that is full or gone never stops training.
import { appendFileSync } from "node:fs";
import { type NoteLine, notesFile, type StepLine, stepsFile } from "../runs/files/step-files.js";
import type { TrainingEvent, TrainingListener } from "./events.js";

/** Lines of `steps.jsonl`, about. */
const mostLines = 4000;
/** Lines are written in groups, this far apart. */
const flushMs = 500;

type StepEvent = Extract<TrainingEvent, { type: "step" }>;

/** Listens to a run and writes `steps.jsonl` and `notes.jsonl` in its folder. */
export function runLog(run: string): TrainingListener {
  const steps = lineWriter(stepsFile(run));
  const notes = lineWriter(notesFile(run));
  let thin = thinned(1, 1);
  const note = (level: NoteLine["level"], text: string) => {
    notes.add({ time: new Date().toISOString(), level, text });
    notes.flush();
  };
  return (event) => {
    if (event.type === "start") thin = thinned(event.epochs * event.stepsPerEpoch, event.stepsPerEpoch);
    else if (event.type === "step") steps.add(...thin(event));
    else steps.flush();
    if (event.type === "note") note("info", event.text);
    if (event.type === "failed") note("error", event.message);
  };
}

/** Every k-th step, counted from the beginning of the run, k such that there are at most `mostLines`. */
function thinned(total: number, stepsPerEpoch: number): (event: StepEvent) => StepLine[] {
  const every = Math.max(1, Math.ceil(total / mostLines));
  let [samples, seconds] = [0, 0];
  return (event) => {
    samples += event.samples;
    seconds += event.seconds;
    const { epoch, step, loss } = event;
    if ((epoch * stepsPerEpoch + step) % every !== 0) return [];
    const imagesPerSecond = Number((samples / seconds).toPrecision(4));
    [samples, seconds] = [0, 0];
    return [{ epoch, step, loss, imagesPerSecond }];
  };
}

/** Appends lines; after an error it writes no more. */
function lineWriter(path: string) {
  let pending = "";
  let flushed = performance.now();
  let works = true;
  const flush = () => {
    if (pending === "" || !works) return;
    try {
      appendFileSync(path, pending);
    } catch {
      works = false;
    }
    pending = "";
    flushed = performance.now();
  };
  const add = (...lines: readonly object[]) => {
    pending += lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    if (performance.now() - flushed > flushMs) flush();
  };
  return { add, flush };
}
