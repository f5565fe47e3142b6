// The studio's page in a real browser, with a made-up server: runs and their curves.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { chromiumPath, expectAccessible, withoutBrowser } from "./support/studio/browser.js";
import { useStudioPage } from "./support/studio/studio-page.js";

test("the page is one script and one style sheet of under 80 kB together, gzipped", () => {
  const folder = join(import.meta.dirname, "../dist/studio/web");
  const sizes = readdirSync(folder)
    .filter((name) => /\.(js|css|html)$/.test(name))
    .map((name) => gzipSync(readFileSync(join(folder, name)), { level: 9 }).length);
  expect(sizes).toHaveLength(3);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(80_000);
});

describe.skipIf(!chromiumPath)(`the page${withoutBrowser}`, () => {
  const studioPage = useStudioPage();

  test("lists the runs, finds and sorts them, and keeps that in the address", async () => {
    const page = await studioPage.open("#/runs");
    const rows = page.locator("tbody tr");
    await page.getByRole("heading", { name: "30 runs" }).waitFor();
    await page.getByRole("searchbox").fill("mixup photos");
    await page.getByRole("heading", { name: "3 of 30 runs" }).waitFor();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    expect(await rows.first().getByRole("link").textContent()).toBe("photos-mixup-3");
    await page.reload();
    await page.getByRole("heading", { name: "3 of 30 runs" }).waitFor();
    expect(await rows.first().getByRole("link").textContent()).toBe("photos-mixup-3");
    await expectAccessible(page);
  });

  test("opens the latest run, whose curves grow until it has finished", async () => {
    const page = await studioPage.open("");
    await page.getByRole("heading", { name: "photos-sat-30" }).waitFor();
    const accuracy = page.getByRole("img", { name: /^Accuracy: Test 6/ });
    await accuracy.waitFor();
    await page.getByText("12 of 40").waitFor();
    const before = await accuracy.getAttribute("aria-label");
    studioPage.studio.train();
    await page.getByText("13 of 40").waitFor();
    expect(await accuracy.getAttribute("aria-label")).not.toBe(before);
    await page.getByText("the targets begin to move").waitFor();
    await expectAccessible(page);
    studioPage.studio.finish();
    await page.getByText("photos-sat-30: finished").waitFor({ state: "attached" });
  });

  test("saves a chart as CSV and as SVG, and shows it as a table", async () => {
    const page = await studioPage.open("");
    const chart = page.locator("section.chart", { has: page.getByRole("heading", { name: "Accuracy" }) });
    const save = async (name: string) => {
      const [saved] = await Promise.all([page.waitForEvent("download"), chart.getByRole("button", { name }).click()]);
      return { name: saved.suggestedFilename(), text: readFileSync(await saved.path(), "utf8") };
    };
    await page.getByText("12 of 40").waitFor();
    const csv = await save("CSV");
    expect(csv.name).toBe("photos-sat-30-accuracy.csv");
    expect(csv.text.split("\n")[0]).toBe('epochs,Test,"Training, given labels","Training, true labels"');
    expect(csv.text.trim().split("\n")).toHaveLength(13);
    expect((await save("SVG")).text).toMatch(/^<svg xmlns/);
    await chart.getByRole("button", { name: "Table" }).click();
    expect(await chart.locator("tbody tr").count()).toBe(12);
    await expectAccessible(page);
  });
});
