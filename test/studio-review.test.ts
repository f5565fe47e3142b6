// Reviewing labels on the studio's page in a real browser, with a made-up server.
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { chromiumPath, expectAccessible, withoutBrowser } from "./support/studio/browser.js";
import { useStudioPage } from "./support/studio/studio-page.js";

describe.skipIf(!chromiumPath)(`the page${withoutBrowser}`, () => {
  const studioPage = useStudioPage();
  const address = "#/run/shapes-ce-29/review";

  const saved = (page: Page) => page.getByText("All saved").waitFor();
  const position = (page: Page, text: string) => page.getByText(text, { exact: true }).waitFor();
  const verdicts = () =>
    [...studioPage.studio.review.decisions].map(([sample, { verdict, label }]) => [sample, verdict, label]);

  test("takes thirty verdicts by keyboard, and after a reload goes on behind them", async () => {
    const page = await studioPage.open(address);
    await position(page, "1 of 500");
    for (let i = 0; i < 30; i++) await page.keyboard.press("qweanw"[i % 6] as string);
    await position(page, "31 of 500");
    await saved(page);
    const given = verdicts();
    expect(given).toHaveLength(30);
    expect(given.slice(0, 5)).toEqual([
      [0, "right", null],
      [1, "relabel", "disc"],
      [2, "none", null],
      [3, "ambiguous", null],
      [4, "later", null],
    ]);
    await page.reload();
    // Those for later are open, and the page returns to the sample that it was at.
    await position(page, "6 of 475");
    expect(page.url()).toContain("at=30");
  });

  test("moves by arrows without deciding, takes a class by its number or its name, and undoes", async () => {
    const page = await studioPage.open(address);
    await position(page, "1 of 500");
    for (const key of ["ArrowRight", "ArrowRight", "ArrowLeft"]) await page.keyboard.press(key);
    await position(page, "2 of 500");
    expect(verdicts()).toEqual([]);
    await page.getByRole("button", { name: /^bars/ }).waitFor();
    await page.keyboard.press("3");
    await position(page, "3 of 500");
    await page.keyboard.press("/");
    await page.keyboard.type("tri");
    await page.keyboard.press("Enter");
    await position(page, "4 of 500");
    await saved(page);
    expect(verdicts()).toEqual([
      [1, "relabel", "bars"],
      [2, "relabel", "triangle"],
    ]);
    await page.keyboard.press("u");
    await position(page, "3 of 500");
    await page.keyboard.press("Control+z");
    await position(page, "2 of 500");
    expect(verdicts()).toEqual([]);
    await expectAccessible(page);
  });

  test("takes one verdict of a key that is held down, and moves on by an arrow that is", async () => {
    const page = await studioPage.open(address);
    await position(page, "1 of 500");
    for (let i = 0; i < 5; i++) await page.keyboard.down("q");
    await page.keyboard.up("q");
    await position(page, "2 of 500");
    await saved(page);
    expect(verdicts()).toEqual([[0, "right", null]]);
    for (let i = 0; i < 5; i++) await page.keyboard.down("ArrowRight");
    await page.keyboard.up("ArrowRight");
    await position(page, "7 of 500");
  });

  test("takes back the last action of another part, and shows that on no sample of this one", async () => {
    const page = await studioPage.open(address);
    await position(page, "1 of 500");
    await page.keyboard.press("q");
    await saved(page);
    // The made-up server has the same decisions in every part.
    await page.goto(`${studioPage.studio.url}${address}?part=test&state=any`);
    await page.getByText("Decided: right").waitFor();
    await Promise.all([page.waitForResponse("**/undo"), page.keyboard.press("u")]);
    await saved(page);
    expect(verdicts()).toEqual([]);
    expect(await page.getByText("Decided: right").count()).toBe(1);
  });

  test("leaves single keys alone while typing and when they are turned off; the buttons still work", async () => {
    const page = await studioPage.open(address);
    await position(page, "1 of 500");
    await page.getByRole("textbox", { name: "Reviewer" }).fill("ann");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement === document.body")).toBe(true);
    await page.getByRole("searchbox").pressSequentially("q");
    await page.getByRole("checkbox", { name: "Keyboard shortcuts" }).uncheck();
    await page.locator("body").press("q");
    expect(verdicts()).toEqual([]);
    await page.getByRole("button", { name: /^None of these/ }).click();
    await saved(page);
    expect(verdicts()).toEqual([[0, "none", null]]);
  });

  test("says what was not saved, and does not show it as decided", async () => {
    const page = await studioPage.open(address);
    await position(page, "1 of 500");
    await studioPage.studio.close();
    await page.keyboard.press("q");
    await page
      .getByRole("alert")
      .getByText(/^Not saved: The server is not reachable/)
      .waitFor();
    await page.keyboard.press("ArrowLeft");
    await position(page, "1 of 500");
    expect(await page.getByText("Decided:").count()).toBe(0);
  });

  test("keeps saying that a verdict was not saved while others are, until it is given again", async () => {
    const page = await studioPage.open(address);
    await position(page, "1 of 500");
    await page.evaluate(`{
      const { fetch } = window;
      window.fetch = (path, init) => {
        if (!path.endsWith("/verdicts")) return fetch(path, init);
        window.fetch = fetch;
        return Promise.reject(new TypeError("connection reset"));
      };
    }`);
    await page.keyboard.press("q");
    await page.keyboard.press("w");
    await page.getByText("1 not saved").waitFor();
    expect(verdicts()).toEqual([[1, "relabel", "disc"]]);
    await page
      .getByRole("alert")
      .getByText(/^Not saved: The server is not reachable/)
      .waitFor();
    await page.getByRole("button", { name: "Go back to it" }).click();
    await position(page, "1 of 500");
    await page.keyboard.press("q");
    await saved(page);
    expect(await page.getByRole("alert").count()).toBe(0);
    expect(verdicts().map(([sample]) => sample)).toEqual([1, 0]);
  });

  test("goes through a queue of decided samples one by one", async () => {
    const first = await studioPage.open(address);
    await position(first, "1 of 500");
    for (const key of "qen") await first.keyboard.press(key);
    await saved(first);
    const page = await studioPage.open(`${address}?state=any`);
    await position(page, "1 of 500");
    await page.keyboard.press("a");
    await position(page, "2 of 500");
    await page.getByText("Decided: none of these").waitFor();
  });

  test("opens the sample of the address, however far down the queue", async () => {
    const page = await studioPage.open(`${address}?at=242`);
    await position(page, "243 of 500");
    await page.keyboard.press("ArrowLeft");
    await position(page, "242 of 500");
    await page.reload();
    await position(page, "242 of 500");
    expect(page.url()).toContain("at=241");
  });

  test("leaves Enter to the input method while a class name is composed", async () => {
    const page = await studioPage.open(address);
    await position(page, "1 of 500");
    await page.keyboard.press("/");
    await page.keyboard.type("tri");
    await page.evaluate(
      `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, isComposing: true }))`,
    );
    await page.getByRole("dialog").waitFor();
    expect(verdicts()).toEqual([]);
    await page.keyboard.press("Enter");
    await saved(page);
    expect(verdicts()).toEqual([[0, "relabel", "triangle"]]);
  });

  test("decides a range of the grid at once, and takes it back at once", async () => {
    const page = await studioPage.open("#/run/shapes-ce-29/grid?given=disc");
    const cells = page.getByRole("listbox", { name: "Samples" }).getByRole("option");
    await cells.nth(2).getByText("disc").waitFor();
    await cells.nth(1).click();
    await cells.nth(3).click({ modifiers: ["Shift"] });
    await page.keyboard.press("Shift+ArrowRight");
    await page.getByText("50 samples, 4 selected").waitFor();
    await expectAccessible(page);
    await page.keyboard.press("w");
    await saved(page);
    expect(verdicts().map(([sample]) => sample)).toEqual([13, 23, 33, 43]);
    expect(new Set(verdicts().map(([, , label]) => label)).size).toBeGreaterThan(1);
    expect(studioPage.studio.review.actions).toHaveLength(1);
    await page.keyboard.press("u");
    await page.getByText("50 samples, 4 selected").waitFor();
    expect(verdicts()).toEqual([]);
    await page.keyboard.press("g");
    await page.getByRole("button", { name: /^Label right: disc/ }).waitFor();
  });

  test("shows in one tab what was decided in another", async () => {
    const context = await studioPage.browser.newContext();
    const [one, two] = [await context.newPage(), await context.newPage()];
    for (const page of [one, two]) await page.goto(studioPage.studio.url + address);
    await position(two, "1 of 500");
    await position(one, "1 of 500");
    await one.keyboard.press("q");
    await two.getByText("Decided: right").waitFor();
    // Another reviewer is not shown it.
    await two.getByRole("textbox", { name: "Reviewer" }).fill("bob");
    await two.keyboard.press("Enter");
    await position(two, "1 of 499");
    const shown = await two.getByText("000001.png").count();
    expect(shown).toBeGreaterThan(0);
    await one.keyboard.press("q");
    await saved(one);
    await two.keyboard.press("ArrowRight");
    await two.keyboard.press("ArrowLeft");
    await position(two, "1 of 499");
    expect(await two.getByText("Decided:").count()).toBe(0);
  });

  test("decides samples that are shown again apart from others of a selection", async () => {
    const page = await studioPage.open("#/run/shapes-ce-29/grid?given=triangle");
    const cells = page.getByRole("listbox", { name: "Samples" }).getByRole("option");
    await cells.nth(3).click();
    await cells.nth(4).click({ modifiers: ["Shift"] });
    await page.keyboard.press("q");
    await saved(page);
    // Sample 39 comes again, 49 does not.
    expect(studioPage.studio.review.actions.map(({ before }) => [...before.keys()])).toEqual([[39], [49]]);
  });
});
