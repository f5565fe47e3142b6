// @ts-check
// Makes many wrong calls in a child process, and names every call that ended it, hung, or was answered badly.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const batch = fileURLToPath(new URL("batch.mjs", import.meta.url));

/** @typedef {{ index: number, call: string, how: string }} Failure */
/** @typedef {{ stdout: string, stderr: string, ended: string | null }} Run */

/** @param {(string | number)[]} values @param {number} secondsAllowed @returns {Promise<Run>} */
function runBatch(values, secondsAllowed) {
  const limits = { timeout: secondsAllowed * 1000, maxBuffer: 1 << 28 };
  const options = /** @type {const} */ ({ ...limits, encoding: "utf8", killSignal: "SIGKILL" });
  return new Promise((resolve) => {
    execFile(process.execPath, [batch, ...values.map(String)], options, (error, stdout, stderr) => {
      const ended = error && (error.killed ? "hung" : `ended the process (${error.signal ?? error.code})`);
      resolve({ stdout, stderr, ended });
    });
  });
}

/**
 * Makes the calls of a seed from `first` on, and goes on after those that end the process.
 * @param {{ seed: number, first?: number, count: number, secondsAllowed?: number, mostFailures?: number }} options
 * @returns {Promise<Failure[]>}
 */
export async function fuzz({ seed, first = 0, count, secondsAllowed = 240, mostFailures = 10 }) {
  const folder = mkdtempSync(join(tmpdir(), "selfadapt-fuzz-"));
  const positionFile = join(folder, "position");
  /** @type {Failure[]} */
  const failures = [];
  /** @param {number} index @param {string} how */
  const fail = async (index, how) => {
    const { stdout } = await runBatch([seed, index, 0, positionFile], secondsAllowed);
    failures.push({ index, how, call: stdout.trim() });
  };
  const end = first + count;
  for (let next = first; next < end && failures.length < mostFailures; ) {
    const { ended, stdout, stderr } = await runBatch([seed, next, end - next, positionFile], secondsAllowed);
    if (ended === null) {
      for (const { index, how } of JSON.parse(stdout)) await fail(index, how);
      break;
    }
    const guilty = Number(readFileSync(positionFile, "utf8"));
    await fail(guilty, `${ended} ${stderr.slice(-300)}`);
    next = guilty + 1;
  }
  rmSync(folder, { recursive: true });
  return failures;
}
