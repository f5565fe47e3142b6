// Whether a run is running, finished, stopped, or died.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { type LockHolder, readRunLock } from "../../../runs/lock/lock.js";
import { isFinished } from "../../../runs/run-folder.js";
import type { runStatus } from "../../api.js";

export type RunStatus = z.output<typeof runStatus>;

export interface RunState {
  readonly status: RunStatus;
  /** The process that writes the run. */
  readonly holder: LockHolder | null;
}

/** By its lock: one that is held is a run in progress; a stale one, or none and no checkpoint, is left by a process that died. */
export function stateOf(run: string): RunState {
  const lock = readRunLock(run);
  if (lock !== null && !lock.stale) return { status: "running", holder: lock.holder };
  if (isFinished(run)) return { status: "finished", holder: null };
  return { status: lock === null && hasCheckpoint(run) ? "stopped" : "died", holder: null };
}

/** Whether there is something to resume from. */
export const hasCheckpoint = (run: string) => existsSync(join(run, "checkpoint", "last"));
