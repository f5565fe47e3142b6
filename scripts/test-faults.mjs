// @ts-check
// Makes every fault between ranks again and again: there must be one clear line in time, no process left, and the resumed run must
// equal one that was never interrupted. Takes minutes.
//
//     node scripts/test-faults.mjs [--tries 20] [--only "kill -9 of rank 1"]
//
// Needs the built command line (npx tsc -p tsconfig.json), the engine and Linux; two hosts need root.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { start } from "./faults/commands.mjs";
import { faults, trainWords } from "./faults/faults.mjs";
import { whyNoHosts } from "./faults/hosts.mjs";

const { values } = parseArgs({ options: { tries: { type: "string", default: "20" }, only: { type: "string" } } });
const tries = Number(values.tries);
const folder = mkdtempSync(join(tmpdir(), "selfadapt-faults-"));
try {
  process.exitCode = (await main()) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main() {
  const expected = await uninterrupted();
  const noHosts = whyNoHosts();
  let isFine = true;
  for (const [name, make] of Object.entries(faults)) {
    if (values.only !== undefined && values.only !== name) continue;
    if (noHosts !== null && /cable|hosts/.test(name)) {
      console.log(`${name}: skipped: ${noHosts}`);
      continue;
    }
    const seconds = [];
    /** @type {string[]} */
    const problems = [];
    let line = "";
    let good = 0;
    for (let i = 0; i < tries; i++) {
      const place = mkdtempSync(join(folder, "try-"));
      const { outcome, problem } = await make(place).then(
        (outcome) => ({ outcome, problem: null }),
        (error) => ({ outcome: null, problem: /** @type {Error} */ (error).message }),
      );
      if (outcome !== null) seconds.push(outcome.seconds);
      line = outcome?.lines[0] ?? line;
      const found = outcome === null ? [String(problem)] : problemsOf(outcome);
      const own = [...found, ...(outcome?.run ? await resumed(place, expected) : [])];
      good += Number(own.length === 0);
      problems.push(...own);
      rmSync(place, { recursive: true, force: true });
    }
    isFine &&= problems.length === 0;
    console.log(`${name}: ${good} of ${tries} in ${rangeOf(seconds)}${line && `; ${line}`}`);
    for (const problem of problems) console.log(`  ${problem}`);
  }
  return isFine;
}

/** @param {readonly number[]} seconds */
function rangeOf(seconds) {
  return `${Math.min(...seconds).toFixed(1)} to ${Math.max(...seconds).toFixed(1)} s`;
}

/** @param {import("./faults/faults.mjs").Outcome} outcome @returns {string[]} */
function problemsOf({ seconds, allowed, lines, expected, left }) {
  const wanted = expected.test("") ? 0 : 1;
  const distinct = new Set(lines).size;
  return [
    ...(seconds > allowed ? [`took ${seconds.toFixed(1)} s; allowed are ${allowed}`] : []),
    ...(wanted === 0 && distinct > 0 ? [`expected no error: ${lines.join(" | ")}`] : []),
    ...(wanted === 1 && !lines.some((line) => expected.test(line))
      ? [`expected ${expected}: ${lines.join(" | ")}`]
      : []),
    ...(left.length > 0 ? [`left running: ${left.join(", ")}`] : []),
  ];
}

/** The state of a finished run: the optimizer's, and the targets. @param {string} run */
function stateOf(run) {
  const files = ["checkpoint/last/optimizer.safetensors", "targets.npy"];
  return files.map((file) => readFileSync(join(run, file)).toString("base64")).join();
}

async function uninterrupted() {
  await start([...trainWords("reference"), "--nproc", "2"], folder).ended;
  return stateOf(join(folder, "reference"));
}

/** Resumes until the run is finished. @param {string} own @param {string} expected @returns {Promise<string[]>} */
async function resumed(own, expected) {
  const command = start(["train", "--resume", "--out", "run", "--nproc", "2"], own);
  const status = await command.ended;
  if (status !== 0 || !existsSync(join(own, "run", "summary.json")))
    return [`resuming ended with ${status}: ${command.text()}`];
  return stateOf(join(own, "run")) === expected ? [] : ["the resumed run differs from the uninterrupted one"];
}
