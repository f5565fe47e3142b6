// One writer at a time: a run folder is locked while it is written.
import { mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { withWriteErrors } from "../../atomic-files.js";
import { InputError } from "../../errors.js";
import { option } from "../../options/index.js";
import { startHeartbeat } from "./heartbeat.js";
import { createLock, heldHere, identityOf, isStale, type LockHolder, lockText, readLock } from "./lock-file.js";

export type { LockHolder };

const LOCK_FILE = "lock.json";

/** Whether a file of a run folder belongs to its lock. */
export const isLockFile = (name: string) => name.startsWith(LOCK_FILE);

/** Who holds a run's lock, and whether it is stale; null where the run is not locked. */
export function readRunLock(run: string): { readonly holder: LockHolder | null; readonly stale: boolean } | null {
  const state = readLock(join(run, LOCK_FILE));
  return state && { holder: state.holder, stale: isStale(state) };
}

/** The right to write a run folder, until it is disposed of. */
export interface RunLock extends Disposable {
  /** Whose stale lock was taken over, for the log; null where the folder was not locked. */
  readonly note: string | null;
  /** @throws InputError where another process has taken the lock over. */
  requireHeld(): void;
}

/**
 * Locks a run folder, which is made where there is none. A stale lock is taken over: its process on this host has ended, or
 * its heartbeat is more than a minute old.
 * @throws InputError naming the process that holds the lock, or why the folder cannot be written.
 */
export function lockRun(run: string): RunLock {
  const file = join(run, LOCK_FILE);
  const now = new Date().toISOString();
  const own: LockHolder = { pid: process.pid, host: hostname(), started: now, heartbeat: now };
  const created = withWriteErrors(run, () => mkdirSync(run, { recursive: true }));
  const removeCreated = () => {
    if (created !== undefined) removeEmptyFolders(run, created);
  };
  let former: LockHolder | null;
  try {
    former = withWriteErrors(file, () => acquire(run, own));
  } catch (error) {
    removeCreated();
    throw error;
  }
  heldHere.add(identityOf(own));
  const stop = startHeartbeat(file, own);
  return {
    note: former && `${run}: took over the stale lock of ${describe(former)}`,
    requireHeld: () => requireHeld(run, own),
    [Symbol.dispose]() {
      void stop();
      heldHere.delete(identityOf(own));
      if (isOwn(file, own)) rmSync(file, { force: true });
      removeCreated();
    },
  };
}

/** Removes a folder and those above it up to `last`, as far as nothing is in them. */
function removeEmptyFolders(folder: string, last: string): void {
  try {
    rmdirSync(folder);
    if (folder !== last) removeEmptyFolders(dirname(folder), last);
  } catch {
    // Something is in it: the run.
  }
}

/** Gets the lock; returns the holder of a stale one that it took over. */
function acquire(run: string, own: LockHolder): LockHolder | null {
  const file = join(run, LOCK_FILE);
  while (!createLock(file, own)) {
    const state = readLock(file);
    if (state === null) continue;
    if (!isStale(state)) throw heldBy(run, state.holder);
    if (takeOver(run, own)) return state.holder;
  }
  return null;
}

/**
 * Replaces a stale lock. Of several processes that try, one succeeds: the one that creates the takeover file and then still
 * finds the lock stale. False where the lock has gone in the meantime.
 */
function takeOver(run: string, own: LockHolder): boolean {
  const file = join(run, LOCK_FILE);
  const takeover = `${file}.takeover`;
  removeStale(takeover);
  if (!createLock(takeover, own)) throw heldBy(run, readLock(takeover)?.holder ?? null);
  try {
    const state = readLock(file);
    if (state === null) return false;
    if (!isStale(state)) throw heldBy(run, state.holder);
    const prepared = `${file}.writing`;
    writeFileSync(prepared, lockText(own));
    renameSync(prepared, file);
    return true;
  } finally {
    rmSync(takeover, { force: true });
  }
}

/** A process that is killed during a takeover leaves its file behind. */
function removeStale(takeover: string): void {
  const state = readLock(takeover);
  if (state !== null && isStale(state)) rmSync(takeover, { force: true });
}

function isOwn(file: string, own: LockHolder): boolean {
  const holder = readLock(file)?.holder;
  return holder !== undefined && holder !== null && identityOf(holder) === identityOf(own);
}

function requireHeld(run: string, own: LockHolder): void {
  const file = join(run, LOCK_FILE);
  if (isOwn(file, own)) return;
  // Somebody deleted the file; nobody else has locked the run.
  if (withWriteErrors(file, () => createLock(file, own))) return;
  const holder = readLock(file)?.holder ?? null;
  throw new InputError(`${run} was taken over by ${describe(holder)}; this process has stopped writing it`);
}

function describe(holder: LockHolder | null): string {
  if (holder === null) return "another process";
  return `process ${holder.pid} on ${holder.host}, started ${holder.started}`;
}

function heldBy(run: string, holder: LockHolder | null): InputError {
  return new InputError(
    `${run} is being written by ${describe(holder)}; wait until it ends, or choose another ${option("out")}`,
  );
}
