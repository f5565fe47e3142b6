// The file `lock.json`: which process writes a run folder, since when, and whether it is still alive.
import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { hostname } from "node:os";

export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** ISO dates, such as 2026-01-31T12:00:00.000Z. */
  readonly started: string;
  readonly heartbeat: string;
}

export interface LockState {
  /** Null where the file is not readable as a lock: it is just being written, or the disk was full. */
  readonly holder: LockHolder | null;
  /** Milliseconds since the last heartbeat. */
  readonly age: number;
}

/** A lock without a heartbeat for this long is stale. */
export const STALE_AFTER_MS = 60_000;

/** Locks that this process holds, by identity. */
export const heldHere = new Set<string>();

export const identityOf = ({ pid, host, started }: LockHolder) => `${pid} ${host} ${started}`;

/** Always of the same length for one holder, so that a heartbeat can be written over it. */
export const lockText = (holder: LockHolder) => `${JSON.stringify(holder)}\n`;

/** The state of a lock; null where there is none. */
export function readLock(file: string): LockState | null {
  try {
    const { mtimeMs } = statSync(file);
    const holder = parseHolder(readFileSync(file, "utf8"));
    return { holder, age: Date.now() - (holder === null ? mtimeMs : Date.parse(holder.heartbeat)) };
  } catch {
    return null;
  }
}

function parseHolder(text: string): LockHolder | null {
  try {
    const holder = JSON.parse(text) as LockHolder;
    return Number.isInteger(holder.pid) && !Number.isNaN(Date.parse(holder.heartbeat)) ? holder : null;
  } catch {
    return null;
  }
}

/** Whether nobody holds the lock any more: its process on this host has ended, or its heartbeat has stopped. */
export function isStale({ holder, age }: LockState): boolean {
  if (age > STALE_AFTER_MS) return true;
  if (holder === null || holder.host !== hostname()) return false;
  // The same number can be that of a process before a restart of the machine or the container.
  if (holder.pid === process.pid) return !heldHere.has(identityOf(holder));
  return !isAlive(holder.pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Creates a lock; false where the file exists already. @throws the system's error where it cannot be written. */
export function createLock(file: string, holder: LockHolder): boolean {
  let opened: number;
  try {
    opened = openSync(file, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  try {
    writeSync(opened, lockText(holder));
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(opened);
  }
  return true;
}
