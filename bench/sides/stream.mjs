// @ts-check
// Streaming and sharp alone in turns, over the same files: an answer is the images that each gives in a second of one core,
// by the time that all threads of the process were busy, so that other work on the machine counts little.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { createLoader, randomFrom, viewRecipe } from "../../dist/data/index.js";
import { setThreads } from "../../dist/torch/index.js";
import { config, serve } from "./serve.mjs";

/** @type {{ workload: import("../measurements/stream.mjs").Workload, inputs: "whole" | "crops" }} */
const { workload, inputs } = config;
const { files, height, width, imageSize, batchSize, batches, seed } = workload;

setThreads(1);
sharp.concurrency(1);
const folder = mkdtempSync(join(tmpdir(), "stream-"));
process.once("exit", () => rmSync(folder, { recursive: true }));
const names = Array.from({ length: files }, (_, i) => `${i}.jpg`);
for (const name of names) {
  const random = randomFrom(seed, name);
  const coarse = Uint8Array.from({ length: 3 * 50 * 38 }, () => random.integer(256));
  const image = sharp(coarse, { raw: { width: 50, height: 38, channels: 3 } }).resize(width, height, { fit: "fill" });
  await image.jpeg({ quality: 90 }).toFile(join(folder, name));
}

const samples = {
  kind: /** @type {const} */ ("streamed"),
  folder,
  files: names,
  strict: true,
  shape: [3, imageSize, imageSize],
  labels: new Int32Array(files),
};
const normalization = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };

/** Random crops and flips without color jitter, which is measured as `views`. */
function cropsOnly() {
  const [simclr] = viewRecipe("simclr", imageSize).views;
  if (simclr === undefined) throw new Error("simclr has no views");
  const { jitter, blur } = simclr;
  const plain = { ...simclr, jitter: { ...jitter, probability: 0 }, blur: { ...blur, probability: 0 }, grayscale: 0 };
  return { size: imageSize, views: [plain] };
}

const loader = createLoader({ samples, normalization });
const source = inputs === "whole" ? loader : loader.augmented({ augment: cropsOnly(), seed });
const order = Int32Array.from({ length: batchSize * batches }, (_, i) => i % files);

async function streamed() {
  for await (const batch of source.batches({ indices: order, batchSize })) void batch.images;
}

async function decoded() {
  const decode = (/** @type {number} */ sample) =>
    sharp(join(folder, names[sample] ?? ""))
      .resize(imageSize, imageSize, { fit: "cover" })
      .raw()
      .toBuffer();
  await Promise.all(Array.from(order, decode));
}

/** @param {() => Promise<void>} body */
async function imagesASecond(body) {
  const before = process.cpuUsage();
  await body();
  const { user, system } = process.cpuUsage(before);
  return order.length / ((user + system) / 1e6);
}

const turn = async () => ({ ours: await imagesASecond(streamed), theirs: await imagesASecond(decoded) });
await turn();
await serve({}, turn);
