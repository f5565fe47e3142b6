// @ts-check
// `node bench/distributed.mjs`: images a second of one process, of one with two threads, of two that train together and of two that
// train apart, each on batches of the size of a share, in turn; with and without a neighbor that keeps a core busy; and what the sum of
// gradients takes of a step. On two cores. Needs the built command line and the engine.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { distributed } from "../dist/torch/index.js";
import { markdownTable } from "./marked-block.mjs";
import { median } from "./measurement.mjs";

const program = new Command("node bench/distributed.mjs")
  .option("--widths <n...>", "widths of ResNet-18", ["16", "64"])
  .option("--rounds <n>", "runs of each kind", "3")
  .option("--images <n>", "images an epoch", "1280")
  .parse();
const options = program.opts();
const EPOCHS = 2;
const BATCH = 128;
const MAIN = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const REDUCE = fileURLToPath(new URL("sides/reduce.mjs", import.meta.url));
const ROWS = fileURLToPath(new URL("sides/rows.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "selfadapt-ranks-"));
let runs = 0;

/**
 * Runs a program; rejects where it fails. Returns what it printed.
 * @param {readonly string[]} words @param {Record<string, string>} [variables]
 */
async function node(words, variables = {}) {
  const env = { ...process.env, ...variables };
  const child = spawn(process.execPath, words, { env, stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (data) => {
    out += data;
  });
  child.stderr.on("data", (data) => {
    err += data;
  });
  const [status] = await once(child, "close");
  if (status !== 0) throw new Error(`${words.join(" ")}: ${err}`);
  return out;
}

/**
 * Images a second of the last epoch.
 * @param {string} width @param {number} nproc @param {number} threads @param {number} [batch]
 */
async function trained(width, nproc, threads, batch = BATCH) {
  const out = join(folder, `run-${runs++}`);
  const data = `shapes:train=${options.images},test=16,size=32,seed=0`;
  const recipe = [
    "--model",
    "resnet18",
    "--width",
    width,
    "--epochs",
    String(EPOCHS),
    "--precision",
    "fp32",
    "--augment",
    "none",
    "--batch-size",
    String(batch),
  ];
  const ranks = nproc === 1 ? [] : ["--nproc", String(nproc)];
  await node([MAIN, "train", data, ...recipe, "--threads", String(threads), "--out", out, ...ranks]);
  const lines = readFileSync(join(out, "metrics.jsonl"), "utf8").trim().split("\n");
  return JSON.parse(lines.at(-1) ?? "{}").imagesPerSecond;
}

/** @type {Readonly<Record<string, (width: string) => Promise<number>>>} */
const kinds = {
  "1 x 1": (width) => trained(width, 1, 1),
  "1 x 2": (width) => trained(width, 1, 2),
  "2 x 1": (width) => trained(width, 2, 1),
  "2 x 1, apart": async (width) => {
    const both = await Promise.all([trained(width, 1, 1, BATCH / 2), trained(width, 1, 1, BATCH / 2)]);
    return both[0] + both[1];
  },
};

/**
 * What rank 0 of two measured.
 * @param {string} side @param {readonly string[]} words @returns {Promise<{ milliseconds: number, bytes: number, memory?: number }>}
 */
async function inTwoRanks(side, words) {
  const port = distributed.serveStore("127.0.0.1");
  const shared = { WORLD_SIZE: "2", MASTER_ADDR: "127.0.0.1", MASTER_PORT: String(port), OMP_NUM_THREADS: "1" };
  const ranks = ["0", "1"].map((RANK) =>
    node([side, ...words], { ...shared, RANK, TORCHELASTIC_USE_AGENT_STORE: "True" }),
  );
  const [first = ""] = await Promise.all(ranks);
  return JSON.parse(first);
}

/** @param {string} width @param {boolean} isBusy */
async function measure(width, isBusy) {
  const neighbor = isBusy ? spawn(process.execPath, ["-e", "for (;;);"]) : null;
  /** @type {Record<string, number[]>} */
  const rates = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []]));
  try {
    for (let round = 0; round < Number(options.rounds); round++) {
      for (const [kind, run] of Object.entries(kinds)) rates[kind]?.push(await run(width));
    }
  } finally {
    neighbor?.kill();
  }
  const place = isBusy ? "with a busy neighbor" : "alone";
  return Object.entries(rates).map(([kind, each]) => [
    width,
    place,
    kind,
    median(each).toFixed(0),
    each.map((rate) => rate.toFixed(0)).join(", "),
  ]);
}

try {
  const rows = [];
  for (const width of options.widths) for (const isBusy of [false, true]) rows.push(...(await measure(width, isBusy)));
  console.log(markdownTable(["width", "where", "processes x threads", "images/s", "each"], rows).join("\n"));
  const sums = [];
  for (const network of [...options.widths.map((/** @type {string} */ width) => ["resnet18", width]), ["resnet50"]]) {
    const { milliseconds, bytes } = await inTwoRanks(REDUCE, network);
    sums.push([network.join(" "), (bytes / 1e6).toFixed(1), milliseconds.toFixed(1)]);
  }
  console.log(`\n${markdownTable(["network", "MB", "ms"], sums).join("\n")}`);
  const exchanged = [];
  for (const [samples, classes, batch] of [
    [100_000, 1000, 128],
    [50_000, 10, 128],
  ]) {
    const { milliseconds, bytes, memory = 0 } = await inTwoRanks(ROWS, [samples, classes, batch].map(String));
    const cells = [
      samples,
      classes,
      batch,
      (memory / 1e6).toFixed(1),
      (bytes / 1e3).toFixed(1),
      milliseconds.toFixed(2),
    ];
    exchanged.push(cells.map(String));
  }
  const header = ["samples", "classes", "batch", "MB a rank", "kB sent a step", "ms a step"];
  console.log(`\n${markdownTable(header, exchanged).join("\n")}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
