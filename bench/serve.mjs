// @ts-check
// A server under load on loopback: `npm run setup && node bench/serve.mjs [model.onnx] [--seconds 10]`.
// Throughput and latency, a restart under load, and malformed requests; the figures are one JSON object at the end.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";
import { Command } from "commander";
import sharp from "sharp";
import { createModel, toOnnx } from "../dist/index.js";
import { malformedRequest } from "../test/support/malformed.mjs";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const MALFORMED = 10_000;
const CLIENTS = 16;

const program = new Command("node bench/serve.mjs")
  .argument("[model]", "ONNX model of images; default: one with random weights (resnet18, width 16, 32 x 32)")
  .option("--seconds <n>", "of load, for each measurement", Number, 10)
  .parse();
const { seconds } = program.opts();
const folder = mkdtempSync(join(tmpdir(), "selfadapt-serve-"));
/** @type {Set<import("node:child_process").ChildProcess>} */
const servers = new Set();

try {
  const model = program.args[0] ?? writeModel();
  const picture = await sharp({
    create: {
      width: 64,
      height: 64,
      channels: 3,
      background: "#c03030",
      noise: { type: "gaussian", mean: 128, sigma: 40 },
    },
  })
    .jpeg()
    .toBuffer();
  const body = Uint8Array.from(picture);
  const load = await underLoad(model, body);
  const restart = await overRestart(model, body);
  const malformed = await bear(model, body);
  console.log(JSON.stringify({ load, restart, malformed }, null, 2));
} finally {
  for (const server of servers) server.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}

function writeModel() {
  const path = join(folder, "model.onnx");
  const classes = Array.from({ length: 10 }, (_, i) => `class ${i}`);
  const network = createModel("resnet18", { classes: 10, width: 16, imageSize: 32 });
  const normalization = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };
  const metadata = {
    "selfadapt.classes": JSON.stringify(classes),
    "selfadapt.input": JSON.stringify({ kind: "images", channels: 3, height: 32, width: 32, resize: "cover" }),
    "selfadapt.score": "softmax-response",
    "selfadapt.calibration": "null",
  };
  const options = { classes: 10, sampleShape: [3, 32, 32], normalization, metadata };
  writeFileSync(path, toOnnx(network, { ...options, score: "softmax-response" }));
  return path;
}

/** @param {string} model @param {string[]} words */
async function start(model, ...words) {
  const server = spawn(process.execPath, [main, "serve", model, "--json", "--threads", "1", ...words], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  servers.add(server);
  const [line] = await once(/** @type {import("node:stream").Readable} */ (server.stdout), "data");
  const { url } = JSON.parse(String(line));
  const stop = async () => {
    server.kill("SIGTERM");
    const [status] = await once(server, "exit");
    servers.delete(server);
    return status;
  };
  return { url, stop };
}

/** @param {string} url @param {Uint8Array<ArrayBuffer>} body */
function ask(url, body) {
  return fetch(`${url}/predict`, { method: "POST", headers: { "content-type": "image/jpeg" }, body });
}

/** @param {string} model @param {Uint8Array<ArrayBuffer>} body */
async function underLoad(model, body) {
  const { url, stop } = await start(model, "--port", "0");
  const results = [];
  for (const connections of [1, CLIENTS, 64]) {
    const result = await autocannon({
      url: `${url}/predict`,
      method: "POST",
      headers: { "content-type": "image/jpeg" },
      body: Buffer.from(body),
      connections,
      duration: seconds,
    });
    const { requests, latency, non2xx, errors, timeouts } = result;
    const [p50, p99] = [latency.p50, latency.p99];
    results.push({
      connections,
      answered: requests.total,
      perSecond: requests.average,
      p50,
      p99,
      non2xx,
      errors,
      timeouts,
    });
  }
  return { results, status: await stop() };
}

/**
 * Clients that ask without pause, and again only where they are refused, while one server follows the other on its port.
 * @param {string} model @param {Uint8Array<ArrayBuffer>} body
 */
async function overRestart(model, body) {
  const first = await start(model, "--port", "0");
  const { port } = new URL(first.url);
  const counts = { answered: 0, refused: 0, lost: 0 };
  const deadline = performance.now() + 60_000;
  let going = true;
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (going && performance.now() < deadline) {
      const outcome = await ask(first.url, body).then(
        (response) => response.status,
        (error) => error.cause?.code,
      );
      if (outcome === 200) counts.answered++;
      else if (outcome === "ECONNREFUSED") {
        counts.refused++;
        await sleep(10);
      } else counts.lost++;
    }
  });
  const statuses = [];
  let server = first;
  for (let restarts = 0; restarts < 3; restarts++) {
    await sleep(1000);
    statuses.push(await server.stop());
    server = await start(model, "--port", port);
  }
  await sleep(1000);
  going = false;
  await Promise.all(clients);
  statuses.push(await server.stop());
  return { ...counts, restarts: 3, statuses };
}

/** @param {string} model @param {Uint8Array<ArrayBuffer>} body */
async function bear(model, body) {
  const { url, stop } = await start(model, "--port", "0");
  const before = await (await ask(url, body)).text();
  /** @type {Record<string, number>} */
  const statuses = {};
  const began = performance.now();
  const workers = Array.from({ length: 8 }, async (_, worker) => {
    for (let i = worker; i < MALFORMED; i += 8) {
      const { method, path, headers, body: sent = null } = malformedRequest(0, i, body);
      const outcome = await fetch(`${url}${path}`, { method, headers, body: sent }).then(
        async (response) => {
          await response.arrayBuffer();
          return String(response.status);
        },
        (error) => String(error.cause?.code),
      );
      statuses[outcome] = (statuses[outcome] ?? 0) + 1;
    }
  });
  await Promise.all(workers);
  const took = (performance.now() - began) / 1000;
  const after = await (await ask(url, body)).text();
  return {
    requests: MALFORMED,
    seconds: Number(took.toFixed(1)),
    statuses,
    answersAsBefore: after === before,
    status: await stop(),
  };
}
