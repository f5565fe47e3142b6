// The review logs of runs, each folded once for as long as nobody appends to it.
import { statSync } from "node:fs";
import {
  appendReview,
  type NewAction,
  type ReviewAction,
  type ReviewLog,
  type ReviewState,
  readReview,
  reviewFile,
  reviewState,
} from "../../../review/index.js";

export interface ReviewLogs {
  /** The state of a run's review, the actions of other processes included. */
  state(run: string): ReviewState;
  /** On lines that were left out. */
  notes(run: string): readonly string[];
  /** Appends an action; it is on the disk when this returns. @throws InputError where it cannot be written. */
  append(run: string, action: NewAction): ReviewAction;
}

/** What an edit of a file changes: with an editor that writes in place, the time alone. */
interface LogFile {
  readonly size: number;
  readonly inode: number;
  readonly changed: number;
}

interface Known extends ReviewLog, LogFile {
  readonly state: ReviewState;
}

export function createReviewLogs(): ReviewLogs {
  const known = new Map<string, Known>();

  function read(run: string): Known {
    const file = fileOf(run);
    const before = known.get(run);
    const isSame = before?.size === file.size && before.inode === file.inode && before.changed === file.changed;
    return isSame ? before : keep(run, file, readReview(run));
  }

  function keep(run: string, file: LogFile, log: ReviewLog): Known {
    const now = { ...file, ...log, state: reviewState(log.actions) };
    known.set(run, now);
    return now;
  }

  return {
    state: (run) => read(run).state,
    notes: (run) => read(run).notes,
    append(run, action) {
      const before = read(run);
      const written = appendReview(run, action);
      const file = fileOf(run);
      const length = Buffer.byteLength(`${JSON.stringify(written)}\n`);
      // Otherwise another process has appended, too: the next reading takes it all.
      if (file.size === before.size + length) keep(run, file, { ...before, actions: [...before.actions, written] });
      return written;
    },
  };
}

function fileOf(run: string): LogFile {
  const found = statSync(reviewFile(run), { throwIfNoEntry: false });
  return { size: found?.size ?? 0, inode: found?.ino ?? 0, changed: found?.mtimeMs ?? 0 };
}
