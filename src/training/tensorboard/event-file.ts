// An event file in a run's folder `tensorboard`, which TensorBoard, Weights & Biases and others read.
import { appendFileSync, existsSync, mkdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { summaryEvent, type Value, versionEvent } from "./messages.js";
import { recordOf } from "./records.js";

export interface EventFile {
  /** Appends values of a step, which together are one event; without any, nothing. */
  add(step: number, values: readonly Value[]): void;
}

/**
 * Begins a file of its own for what this process logs. A resumed run logs the same values again for what it repeats. A disk that
 * is full or gone never stops training.
 */
export function openEventFile(run: string): EventFile {
  const folder = join(run, "tensorboard");
  const path = freeName(folder);
  let works = true;
  const append = (event: Buffer) => {
    if (!works) return;
    try {
      mkdirSync(folder, { recursive: true });
      appendFileSync(path, recordOf(event));
    } catch {
      works = false;
    }
  };
  append(versionEvent());
  return { add: (step, values) => (values.length === 0 ? undefined : append(summaryEvent(step, values))) };
}

/** TensorBoard reads the files of a folder in the order of their names, which begin with the second. */
function freeName(folder: string): string {
  const seconds = Math.floor(Date.now() / 1000);
  for (let i = 0; ; i++) {
    const path = join(folder, `events.out.tfevents.${String(seconds + i).padStart(10, "0")}.${hostname()}`);
    if (!existsSync(path)) return path;
  }
}
