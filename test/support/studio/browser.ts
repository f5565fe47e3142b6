// Chromium for tests of the studio's page: found in the usual places, or the tests say why they are skipped.
import { source } from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import { findChromium } from "../../../scripts/setup/browser.mjs";

/** The browser's path; undefined where there is none. */
export const chromiumPath = findChromium();

/** The reason in the title of tests that are skipped. */
export const withoutBrowser = chromiumPath ? "" : " (skipped: no Chromium; install one, or name it in CHROMIUM)";

/** Root may not use Chromium's sandbox. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath as string,
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
}

/** A page whose uncaught errors fail the test. */
export async function openPage(browser: Browser, url: string, width = 1440): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  page.on("pageerror", (error) => {
    throw error;
  });
  await page.goto(url);
  return page;
}

/** What axe-core objects to on the page: rule and element. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  return page.evaluate(`(async () => {
    if (!window.axe) { ${source} }
    const { violations } = await window.axe.run(document);
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + " " + target + " " + failureSummary));
  })()`);
}

/** Expects no problem in light or dark. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await accessibilityProblems(page)).toEqual([]);
  }
}
