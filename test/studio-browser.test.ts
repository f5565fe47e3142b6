// The studio as a user has it: the command's own server and page, a real run, and a browser.
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { main } from "./support/command.js";
import { chromiumPath, expectAccessible, launch, openPage, withoutBrowser } from "./support/studio/browser.js";
import { temporaryFolder } from "./support/temporary-folder.js";
import { tinyRecipe } from "./support/tiny-run.js";

describe.skipIf(!chromiumPath)(`the studio${withoutBrowser}`, () => {
  const folder = temporaryFolder();
  const recipe = { ...tinyRecipe, epochs: 8, data: "shapes:train=60,test=20,size=16,seed=3", precision: "auto" };
  let browser: Browser;
  let runs: string;
  let server: ChildProcess;
  beforeAll(async () => {
    browser = await launch();
    runs = folder("runs");
  });
  afterEach(() => server.kill("SIGKILL"));
  afterAll(() => browser.close());

  /** Starts the command; returns the address that it prints. */
  async function open(port = "0"): Promise<string> {
    server = spawn(process.execPath, [main, "studio", runs, "--no-open", "--port", port], {
      env: { ...process.env, OMP_NUM_THREADS: "1" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    for await (const line of createInterface({ input: server.stdout! })) return line.trim();
    throw new Error("the studio printed no address");
  }

  const log = () =>
    readFileSync(join(runs, "shapes-sat-1", "review.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));

  async function press(page: Page, keys: string) {
    for (const key of keys) await page.keyboard.press(key);
    await page.getByText("All saved").waitFor();
  }

  test("a run is started by form and watched to its end; its labels are reviewed, and no saved verdict is lost by kill -9", async () => {
    const page = await openPage(browser, await open());
    await page.getByRole("heading", { name: "No runs yet" }).waitFor();
    expect(page.url()).not.toContain("token");
    await page.getByRole("link", { name: "start one from here" }).click();
    await page.getByText("npx selfadapt train DATA").waitFor();
    // Every group is opened: the recipe's keys are spread over them.
    await page.evaluate('for (const group of document.querySelectorAll("details")) group.open = true');
    for (const [key, value] of Object.entries(recipe)) await fill(page, key, String(value));
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByRole("heading", { name: "shapes-sat-1" }).waitFor();
    await page.getByText("8 of 8").waitFor();
    await page.locator(".run-head").getByText("finished").waitFor();
    await page.getByRole("img", { name: /^Accuracy: Test/ }).waitFor();
    await page.getByRole("link", { name: "Review", exact: true }).click();
    await page.getByText("1 of 60", { exact: true }).waitFor();
    await page.getByRole("img", { name: /^Probability of / }).waitFor();
    await expectAccessible(page);
    await press(page, "qweanuq");
    const before = log();
    expect(before.map(({ kind, verdict }) => verdict ?? kind)).toEqual([
      "right",
      "relabel",
      "none",
      "ambiguous",
      "later",
      "undo",
      "right",
    ]);
    server.kill("SIGKILL");
    await page.keyboard.press("e");
    await page
      .getByRole("alert")
      .getByText(/^Not saved/)
      .waitFor();
    expect(log()).toEqual(before);
    await page.goto(await open());
    await page.getByRole("link", { name: "Review", exact: true }).click();
    await page.getByText("1 of 55", { exact: true }).waitFor();
    await page.getByText("5 decided").waitFor();
    await page.keyboard.press("u");
    await page.getByText("All saved").waitFor();
    expect(log().at(-1)).toMatchObject({ kind: "undo", undo: before.at(-1).id });
  }, 120_000);
});

async function fill(page: Page, key: string, value: string) {
  const field = page.locator(`#field-${key}`);
  if (await field.evaluate((element) => element.tagName === "SELECT")) await field.selectOption(value);
  else await field.fill(value);
}
