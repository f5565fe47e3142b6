// The studio's page with 100,000 samples, in headless Chromium: first paint, frames a second while scrolling, memory.
//
//     npm run setup && node bench/studio.mjs
//
// The server is the made-up one of the tests: this measures the page, not the reading of a run.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildSync } from "esbuild";
import { chromium } from "playwright-core";
import { findChromium } from "../scripts/setup/browser.mjs";
import { ROOT } from "../scripts/setup/paths.mjs";

const SAMPLES = 100_000;
const SCROLL_MS = 5000;

const folder = mkdtempSync(join(tmpdir(), "selfadapt-bench-"));
const browser = await chromium.launch({
  executablePath: findChromium() ?? "chromium",
  args: ["--no-sandbox", "--enable-precise-memory-info"],
});
const studio = await startServer();
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const session = await page.context().newCDPSession(page);
  await page.goto(`${studio.url}#/run/shapes-ce-999/grid`);
  await page.locator(".cell img").first().waitFor();
  const paint = await firstPaint(page);
  const frames = await scroll(page);
  const memory = await memoryOf(session);
  const list = await firstRow(browser);
  console.log(JSON.stringify({ samples: SAMPLES, ...paint, ...frames, ...memory, ...list }));
} finally {
  await browser.close();
  await studio.close();
  rmSync(folder, { recursive: true, force: true });
}

async function startServer() {
  const outfile = join(folder, "server.mjs");
  buildSync({
    entryPoints: [join(ROOT, "test", "support", "studio", "fake-server.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  const { startFakeStudio } = await import(pathToFileURL(outfile).href);
  return startFakeStudio({ samples: SAMPLES, runs: 1000, page: join(ROOT, "dist", "studio", "web") });
}

/** @param {import("playwright-core").Page} page */
function firstPaint(page) {
  return page.evaluate(() => ({
    firstPaintMs: Math.round(performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN),
  }));
}

/**
 * Scrolls through the whole grid at an even speed.
 * @param {import("playwright-core").Page} page
 */
function scroll(page) {
  return page.evaluate(async (duration) => {
    const frame = /** @type {HTMLElement} */ (document.querySelector(".grid-frame"));
    const span = frame.scrollHeight - frame.clientHeight;
    const started = performance.now();
    /** @type {number[]} */
    const times = [];
    for (let now = started; now - started < duration; ) {
      frame.scrollTop = (span * (now - started)) / duration;
      const next = await new Promise((resolve) => requestAnimationFrame(resolve));
      times.push(next - now);
      now = next;
    }
    times.sort((a, b) => a - b);
    return {
      framesPerSecond: Math.round((1000 * times.length) / duration),
      slowestFrameMs: Math.round(times.at(-1) ?? Number.NaN),
    };
  }, SCROLL_MS);
}

/** The page's JavaScript heap, garbage collected. @param {import("playwright-core").CDPSession} session */
async function memoryOf(session) {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return { heapMB: Math.round(usedSize / 1e5) / 10 };
}

/** The list of 1,000 runs. @param {import("playwright-core").Browser} browser */
async function firstRow(browser) {
  const page = await browser.newPage();
  const started = performance.now();
  await page.goto(`${studio.url}#/runs`);
  await page.locator("tbody tr").nth(999).waitFor();
  return { listOf1000Ms: Math.round(performance.now() - started) };
}
