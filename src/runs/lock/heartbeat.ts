// The heartbeat of a lock, written by a separate thread, because the main thread can be busy for minutes.
import { statSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { LockHolder } from "./lock-file.js";

interface Timing {
  /** Milliseconds until the first heartbeat: shorter runs need no thread. */
  readonly first: number;
  readonly interval: number;
}

// Overwrites the lock in place through a file that was opened once: after a takeover this is no longer the lock file.
const beat = `
const { fstatSync, openSync, writeSync } = require("node:fs");
const { workerData } = require("node:worker_threads");
const { file, inode, holder, interval } = workerData;
const opened = openSync(file, "r+");
const write = () => {
  try {
    writeSync(opened, JSON.stringify({ ...holder, heartbeat: new Date().toISOString() }) + "\\n", 0);
  } catch {}
};
if (fstatSync(opened).ino === inode) {
  write();
  setInterval(write, interval);
}`;

/** Renews the heartbeat every ten seconds until the function that it returns is called. */
export function startHeartbeat(
  file: string,
  holder: LockHolder,
  { first, interval }: Timing = { first: 5_000, interval: 10_000 },
): () => Promise<unknown> {
  const inode = statSync(file).ino;
  let worker: Worker | undefined;
  const timer = setTimeout(() => {
    worker = new Worker(beat, { eval: true, workerData: { file, inode, holder, interval } });
    worker.on("error", () => {});
    worker.unref();
  }, first);
  timer.unref();
  return async () => {
    clearTimeout(timer);
    await worker?.terminate();
  };
}
