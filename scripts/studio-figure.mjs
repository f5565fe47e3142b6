// @ts-check
// Draws docs/figures/studio.png: photographs the review of a run in Chromium; without one, of a small run on the built-in shapes.
//
//     npm run setup && node scripts/studio-figure.mjs [RUN]

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { findChromium } from "./setup/browser.mjs";
import { ROOT } from "./setup/paths.mjs";

const COMMAND = join(ROOT, "dist", "cli", "main.js");
const DATA = "shapes:train=2000,test=300,size=32,seed=0";
const RECIPE =
  "--noise symmetric:0.3 --epochs 14 --width 8 --augment none --batch-size 64 --lr 0.05 --start-epoch 4 --target-momentum 0.8";

const folder = mkdtempSync(join(tmpdir(), "selfadapt-figure-"));
const run = process.argv[2] ?? train(join(folder, "shapes-sat-1"));
const server = spawn(process.execPath, [COMMAND, "studio", run, "--no-open", "--port", "0"], {
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  await photograph(await firstLine(server.stdout));
} finally {
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}

/** @param {string} out */
function train(out) {
  const words = [COMMAND, "train", DATA, ...RECIPE.split(" "), "--out", out];
  const { status } = spawnSync(process.execPath, words, { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) process.exit(1);
  return out;
}

/** @param {string} address */
async function photograph(address) {
  const browser = await chromium.launch({ executablePath: findChromium() ?? "chromium", args: ["--no-sandbox"] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, deviceScaleFactor: 1.5 });
  await page.goto(address);
  await page.getByRole("link", { name: "Review", exact: true }).click({ timeout: 60_000 });
  await page.getByRole("button", { name: /^Take / }).waitFor({ timeout: 600_000 });
  // The second of the queue, where no button is out of use but Undo.
  await page.getByRole("button", { name: /^Next/ }).click();
  await page.mouse.move(0, 0);
  await page.getByText(/^2 of /).waitFor();
  await page.getByRole("img", { name: /^Probability of / }).waitFor();
  // The page allows no eval, which waitForFunction needs.
  for (const image of await page.locator("img").all()) await image.evaluate(decoded);
  await page.screenshot({ path: join(ROOT, "docs", "figures", "studio.png") });
  await browser.close();
}

/** @param {import("node:stream").Readable} stream @returns {Promise<string>} */
async function firstLine(stream) {
  for await (const line of createInterface({ input: stream })) return line.trim();
  throw new Error("the studio printed no address");
}

/** @param {any} image an HTMLImageElement */
async function decoded(image) {
  await image.decode();
}
