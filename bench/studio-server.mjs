// The studio's server with 100,000 samples: how fast it answers, and its memory. Linux only.
//
//     npm run setup && node bench/studio-server.mjs
//
// The run is a small one; its evidence is made up, with as many samples, features and pictures as a large run has.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "../scripts/setup/paths.mjs";

/** @type {(path: string) => Promise<any>} */
const built = (path) => import(join(ROOT, "dist", path));
const { train } = await built("training/index.js");
const { writeFolderAtomic } = await built("atomic-files.js");
const files = await built("studio/server/evidence/evidence-files.js");
const { checkpointKey } = await built("studio/server/evidence/checkpoint-key.js");

const SAMPLES = 100_000;
const [CLASSES, FEATURES, SIDE] = [10, 64, 32];
const PICTURES = 300;

const folder = mkdtempSync(join(tmpdir(), "selfadapt-bench-"));
try {
  await makeRun(join(folder, "large"));
  console.log(JSON.stringify(await measure()));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @param {string} run */
async function makeRun(run) {
  const data = "shapes:train=40,test=20,size=16,seed=3";
  await train({ data, model: "mlp", width: 8, epochs: 1, batchSize: 20, precision: "fp32" }, { out: run });
  writeFolderAtomic(files.evidenceFolder(run), new Map(evidence(checkpointKey(run))));
}

/** @param {string} checkpoint @returns {[string, Uint8Array][]} */
function evidence(checkpoint) {
  const names = Array.from({ length: CLASSES }, (_, i) => `class ${i}`);
  const shape = [3, SIDE, SIDE];
  const index = {
    ...{ checkpoint, data: "made up", classes: names, featureSize: FEATURES, trainSamples: SAMPLES, hasMap: true },
    noiseRate: { estimate: 0.2, low: 0.15, high: 0.25, unknown: null },
    pictures: { train: { kind: "pixels", shape }, test: { kind: "none" } },
    parts: [{ name: "train", samples: SAMPLES, flagged: [] }],
    notes: [],
  };
  const pixels = new Uint8Array(SAMPLES * 3 * SIDE * SIDE).map((_, i) => (i * 2_654_435_761) >>> 24);
  return [...files.partFiles("train", arrays(), null), [files.pixelsName("train"), pixels], files.indexFile(index)];
}

function arrays() {
  const each = (/** @type {any} */ Type, /** @type {(i: number) => number} */ value, size = 1) =>
    Type.from({ length: SAMPLES * size }, (/** @type {unknown} */ _, /** @type {number} */ i) => value(i));
  return {
    samples: each(Int32Array, (i) => i),
    given: each(Int32Array, (i) => i % CLASSES),
    suggested: each(Int32Array, (i) => (i + 1) % CLASSES),
    wrong: each(Float64Array, (i) => Math.abs(Math.sin(i))),
    guess: each(Uint8Array, () => 0),
    disagrees: each(Int32Array, () => 0),
    predicted: each(Int32Array, (i) => i % CLASSES),
    beliefs: each(Float32Array, () => 1 / CLASSES, CLASSES),
    features: each(Float32Array, (i) => Math.sin(i * 12.9898) / 8, FEATURES),
    target: each(Float32Array, () => 1),
    map: each(Float32Array, (i) => Math.abs(Math.sin(i)), 2),
  };
}

async function measure() {
  const words = [join(ROOT, "dist", "cli", "main.js"), "studio", folder, "--no-open", "--port", "0", "--threads", "1"];
  const server = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "ignore"] });
  try {
    const address = new URL(await firstLine(server.stdout));
    const cookie = String((await fetch(address)).headers.get("set-cookie")).split(";", 1)[0] ?? "";
    const idle = memoryOf(server.pid);
    const figures = await session(new URL("/api/runs/large/", address), cookie);
    return { samples: SAMPLES, ...figures, idleMB: idle, reviewMB: memoryOf(server.pid) };
  } finally {
    server.kill();
  }
}

/** What a page asks for in a review. @param {URL} base @param {string} cookie */
async function session(base, cookie) {
  const ask = async (/** @type {string} */ path, /** @type {object} */ body = undefined) => {
    const started = performance.now();
    const sent = { method: "POST", body: JSON.stringify(body) };
    const headers = { cookie, ...(body && { "content-type": "application/json" }) };
    const response = await fetch(new URL(path, base), { headers, ...(body && sent) });
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
    return Math.round(performance.now() - started);
  };
  const verdict = (/** @type {number} */ n) => ({
    ...{ part: "train", verdict: "right", seconds: 1, queue: "suspects" },
    samples: Array.from({ length: n }, (_, i) => i),
  });
  const overviewMs = await ask("overview");
  const queueMs = await ask("queue?offset=50000&limit=100");
  const sampleMs = await ask("samples/train/77");
  for (const array of ["map", "labels", "numbers"]) await ask(array);
  const started = performance.now();
  for (let i = 0; i < PICTURES; i++) await ask(`samples/train/${i * 331}/image?size=240`);
  const pictureMs = Math.round((10 * (performance.now() - started)) / PICTURES) / 10;
  const verdictMs = await ask("verdicts", verdict(1));
  const thousandVerdictsMs = await ask("verdicts", verdict(1000));
  return { overviewMs, queueMs, sampleMs, pictureMs, verdictMs, thousandVerdictsMs };
}

/** Resident memory. @param {number | undefined} pid */
function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1000);
}

/** @param {import("node:stream").Readable} stream @returns {Promise<string>} */
async function firstLine(stream) {
  for await (const line of createInterface({ input: stream })) return line.trim();
  throw new Error("the studio printed no address");
}
