// @ts-check
// One side of a comparison: a process that starts once, and then computes on request and blocks in between.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** OpenMP's threads spin for some milliseconds after their last work before they sleep. */
const SETTLE_MILLISECONDS = 100;

/** @typedef {{ facts: Record<string, unknown>, ask: (request: unknown) => Promise<any>, stop: () => Promise<void> }} Side */

/**
 * Starts a side and waits until it is warm: its first line says what it is, and each line after that answers one request.
 * @param {string} program
 * @param {URL} script
 * @param {unknown} config handed over as JSON
 * @returns {Promise<Side>}
 * @throws Error when the process ends before it was told to
 */
export async function startSide(program, script, config) {
  const path = fileURLToPath(script);
  const child = spawn(program, [path, JSON.stringify(config)], { stdio: ["pipe", "pipe", "inherit"] });
  // Writing to a side that has ended fails; that it has is said where its answer is awaited.
  child.stdin.on("error", () => {});
  const ended = new Promise((resolve) => child.once("close", resolve));
  const failed = new Promise((_, reject) => child.once("error", reject));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  const answer = async () => {
    const { value, done } = await Promise.race([lines.next(), failed]);
    if (done) throw new Error(`${program} ${path} ended early, with status ${await ended}`);
    await setTimeout(SETTLE_MILLISECONDS);
    return JSON.parse(value);
  };

  return {
    facts: await answer(),
    ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return answer();
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
