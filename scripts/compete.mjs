// @ts-check
// Two `selfadapt train` processes on one run folder, both killed at a random moment, again and again. After every try the folder
// must hold a whole run, and a run that comes to its end must equal one that was never interrupted.
//
//     node scripts/compete.mjs [--tries 100] [--epochs 200] [--seed 0]
//
// Needs the built command line (npx tsc -p tsconfig.json) and the engine.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { readCheckpoint, readNewestCheckpoint } from "../dist/runs/checkpoint.js";
import { isFinished, isRun, readMetrics, readRunRecipe } from "../dist/runs/run-folder.js";
import { ROOT } from "./setup/paths.mjs";

const MAIN = join(ROOT, "dist", "cli", "main.js");
const DATA = "shapes:train=64,test=16,size=16,seed=0";
/** The longest wait from the first epoch that is written to the kill, and from the start where it falls before that. */
const LONGEST_WAIT_MS = { running: 600, starting: 1500 };

const { values } = parseArgs({
  options: {
    tries: { type: "string", default: "100" },
    epochs: { type: "string", default: "200" },
    seed: { type: "string", default: "0" },
  },
});
const tries = Number(values.tries);
const recipe = ["--model", "mlp", "--width", "8", "--augment", "none", "--epochs", values.epochs, "--threads", "1"];

const folder = mkdtempSync(join(tmpdir(), "selfadapt-compete-"));
try {
  await compete();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function compete() {
  const reference = join(folder, "reference");
  await finish(startWriter(reference));
  const expected = outcomeOf(reference);
  const counts = { kills: 0, refused: 0, takeovers: 0, finished: 0 };
  const generator = xoroshiro128plus(Number(values.seed));
  const random = () => uniformFloat64(generator);
  let run = join(folder, "run-0");
  for (let i = 0; i < tries; i++) {
    const writers = await tryOnce(run, random);
    counts.kills += writers.filter(({ killed }) => killed).length;
    counts.refused += writers.filter(({ text }) => text.includes("is being written by")).length;
    counts.takeovers += writers.filter(({ text }) => text.includes("took over the stale lock")).length;
    checkWhole(run, i);
    if (!isFinished(run)) continue;
    checkEqual(outcomeOf(run), expected, i);
    run = join(folder, `run-${++counts.finished}`);
  }
  await finish(startWriter(run));
  checkEqual(outcomeOf(run), expected, tries);
  console.log(
    `${tries} tries: ${counts.kills} writers killed, ${counts.refused} refused, ${counts.takeovers} stale locks taken over, ` +
      `${counts.finished + 1} runs trained to the end; every run folder whole, every finished run equal to the uninterrupted one`,
  );
}

/**
 * Starts two writers, and kills both: half of the time in the middle of training, else while they start.
 * @param {string} run
 * @param {() => number} random from 0 to 1
 */
async function tryOnce(run, random) {
  const writers = [startWriter(run), startWriter(run)];
  if (random() < 0.5) {
    await Promise.race([...writers.map(({ training }) => training), Promise.all(writers.map(({ ended }) => ended))]);
    await sleep(random() * LONGEST_WAIT_MS.running);
  } else {
    await sleep(random() * LONGEST_WAIT_MS.starting);
  }
  const killed = writers.map(({ process: writer }) => writer.kill("SIGKILL"));
  const texts = await Promise.all(writers.map(({ ended }) => ended));
  const trained = texts.filter((text) => /epoch +\d+ {2}loss/.test(text));
  if (trained.length === 2) throw new Error(`two processes have written ${run}:\n${texts.join("\n---\n")}`);
  return texts.map((text, i) => ({ text, killed: killed[i] }));
}

/**
 * A process that begins the run, or resumes it where its folder holds one that was saved.
 * @param {string} run
 */
function startWriter(run) {
  const resumed = existsSync(join(run, "checkpoint"));
  const words = resumed ? ["train", "--resume", "--threads", "1"] : ["train", DATA, ...recipe];
  const writer = spawn(process.execPath, [MAIN, ...words, "--out", run], {
    env: { ...process.env, OMP_NUM_THREADS: "1" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let text = "";
  const training = new Promise((resolve) => {
    writer.stderr.on("data", (chunk) => {
      text += chunk;
      if (/epoch +\d+ {2}loss/.test(text)) resolve(undefined);
    });
  });
  const ended = once(writer, "close").then(() => text);
  return { process: writer, training, ended };
}

/** @param {ReturnType<typeof startWriter>} writer */
async function finish({ process: writer, ended }) {
  const text = await ended;
  if (writer.exitCode !== 0) throw new Error(`a writer by itself ended with ${writer.exitCode}:\n${text}`);
}

/**
 * The newest checkpoint is as it was written, and no epoch before it is missing.
 * @param {string} run
 * @param {number} i
 */
function checkWhole(run, i) {
  if (!isRun(run)) return;
  try {
    readRunRecipe(run);
    const epochs = readMetrics(run).map(({ epoch }) => epoch);
    if (epochs.some((epoch, row) => epoch !== row)) throw new Error(`metrics.jsonl has the epochs ${epochs}`);
    const newest = readNewestCheckpoint(run);
    if (newest?.damage) throw new Error(newest.damage);
    if (existsSync(join(run, "checkpoint", "previous"))) readCheckpoint(run, "previous");
    const saved = newest?.progress.epoch ?? 0;
    if (epochs.length < saved) throw new Error(`${saved} epochs are saved; metrics.jsonl has ${epochs.length}`);
    for (let epoch = 0; epoch < saved; epoch++) {
      const history = join(run, "record", `${String(epoch).padStart(4, "0")}.npy`);
      if (!existsSync(history)) throw new Error(`${history} is missing`);
    }
  } catch (error) {
    throw new Error(`the run folder is damaged after try ${i}: ${error}`);
  }
}

/** Digests of all that an interruption may not change. @param {string} run */
function outcomeOf(run) {
  const digest = (/** @type {string | Uint8Array} */ bytes) => createHash("sha256").update(bytes).digest("hex");
  const files = [
    "targets.npy",
    ...["model", "optimizer", "targets"].map((part) => `checkpoint/last/${part}.safetensors`),
  ];
  const histories = readdirSync(join(run, "record")).map((name) => join("record", name));
  const metrics = readMetrics(run).map(({ seconds, imagesPerSecond, ...metrics }) => metrics);
  return {
    metrics: digest(JSON.stringify(metrics)),
    ...Object.fromEntries([...files, ...histories].map((name) => [name, digest(readFileSync(join(run, name)))])),
  };
}

/**
 * @param {Record<string, string>} actual
 * @param {Record<string, string>} expected
 * @param {number} i
 */
function checkEqual(actual, expected, i) {
  const names = [...new Set([...Object.keys(actual), ...Object.keys(expected)])];
  const differing = names.filter((name) => actual[name] !== expected[name]);
  if (differing.length > 0) throw new Error(`after try ${i} the finished run differs in ${differing.join(", ")}`);
}
