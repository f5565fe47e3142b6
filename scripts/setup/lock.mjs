// @ts-check
// Lets one setup at a time work in a checkout.

import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { BUILD } from "./paths.mjs";

/**
 * Runs work while holding the lock, after waiting for another setup to end; a dead process's lock is taken over.
 * @param {() => void} work
 */
export function withLock(work, file = join(BUILD, "setup.lock")) {
  mkdirSync(dirname(file), { recursive: true });
  let said = false;
  while (!acquire(file)) {
    if (!said) console.error(`Waiting for another setup in this folder to end; if there is none, delete ${file}`);
    said = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  try {
    work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** @param {string} file @returns {boolean} */
function acquire(file) {
  try {
    const handle = openSync(file, "wx");
    writeSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    if (!holderIsGone(file)) return false;
    rmSync(file, { force: true });
    return acquire(file);
  }
}

/** A lock without a process number is of a setup that was ended while it wrote it. */
const unwrittenMs = 5000;

/** @param {string} file */
function holderIsGone(file) {
  try {
    const holder = Number(readFileSync(file, "utf8"));
    // Containers that share a checkout count their processes from 1 each.
    if (holder === process.pid) return true;
    if (!(holder > 0)) return Date.now() - statSync(file).mtimeMs > unwrittenMs;
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "ESRCH";
  }
}
