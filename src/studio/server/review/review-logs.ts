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

interface Known extends ReviewLog {
  readonly size: number;
  readonly inode: number;
  readonly state: ReviewState;
}

export function createReviewLogs(): ReviewLogs {
  const known = new Map<string, Known>();

  function read(run: string): Known {
    const { size, inode } = fileOf(run);
    const before = known.get(run);
    if (before !== undefined && before.size === size && before.inode === inode) return before;
    return keep(run, { size, inode }, readReview(run));
  }

  function keep(run: string, file: Pick<Known, "size" | "inode">, log: ReviewLog): Known {
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

function fileOf(run: string): Pick<Known, "size" | "inode"> {
  const found = statSync(reviewFile(run), { throwIfNoEntry: false });
  return { size: found?.size ?? 0, inode: found?.ino ?? 0 };
}
