// @ts-check
// Commands of this package in processes of their own, watched from outside.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "../setup/paths.mjs";

const MAIN = join(ROOT, "dist", "cli", "main.js");

/**
 * @typedef {object} Command
 * @property {number} pid
 * @property {(signal: NodeJS.Signals) => void} kill
 * @property {() => string} text All that it has written to stderr.
 * @property {(pattern: RegExp) => Promise<void>} seen Resolves when stderr matches, rejects when the command ends before.
 * @property {Promise<number | null>} ended Its exit status; null after a signal.
 */

/**
 * Starts `selfadapt ...words`.
 * @param {readonly string[]} words @param {string} cwd @param {Record<string, string>} [variables]
 * @param {string} [namespace] the network namespace to start it in
 * @returns {Command}
 */
export function start(words, cwd, variables = {}, namespace) {
  const env = { ...process.env, OMP_NUM_THREADS: "1", ...variables };
  const inside = namespace === undefined ? [] : ["ip", "netns", "exec", namespace];
  const [program = "", ...rest] = [...inside, process.execPath, MAIN, ...words];
  const child = spawn(program, rest, { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
  let text = "";
  child.stderr.on("data", (data) => {
    text += data;
  });
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => child.once("close", (status) => resolve(status)));
  /** @param {RegExp} pattern */
  const seen = async (pattern) => {
    while (!pattern.test(text)) {
      if (child.exitCode !== null) throw new Error(`ended before ${pattern}: ${text}`);
      await sleep(20);
    }
  };
  return { pid: child.pid ?? 0, kill: (signal) => void child.kill(signal), text: () => text, seen, ended };
}

/** The processes that another has started. @param {number} pid @returns {number[]} */
export function childrenOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
}

/** Those of the processes that are still there after a moment. @param {readonly number[]} pids */
export async function leftOf(pids) {
  for (let waited = 0; waited < 1000 && pids.some(isThere); waited += 50) await sleep(50);
  return pids.filter(isThere);
}

/** A process that has ended stays until its parent asks for its status, which may be never. @param {number} pid */
function isThere(pid) {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** The lines of a text that report an error. @param {string} text */
export const errorLines = (text) => text.split("\n").filter((line) => line.startsWith("error:"));
