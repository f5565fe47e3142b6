// Queues, map, audit, retraining and new runs on the studio's page in a real browser, with a made-up server.
import { describe, expect, test } from "vitest";
import { chromiumPath, expectAccessible, withoutBrowser } from "./support/studio/browser.js";
import { useStudioPage } from "./support/studio/studio-page.js";

describe.skipIf(!chromiumPath)(`the page${withoutBrowser}`, () => {
  const studioPage = useStudioPage();

  const open = (view: string) => studioPage.open(`#/run/shapes-ce-29/${view}`);

  test("leads from a cell of the noise matrix to its queue", async () => {
    const page = await open("queues");
    await page.getByText("21.0%").waitFor();
    await expectAccessible(page);
    await page.getByRole("row", { name: /^disc/ }).getByRole("link").click();
    await page.getByRole("button", { name: /^Take ell/ }).waitFor();
    expect(page.url()).toContain("given=disc&suggested=ell");
    expect(await page.getByRole("combobox", { name: /^Given/ }).inputValue()).toBe("disc");
  });

  test("selects by a loop on the map, and opens the samples inside as a queue", async () => {
    const page = await open("map");
    const canvas = page.getByRole("img", { name: /^Map of 500 samples/ });
    const box = (await canvas.boundingBox()) as { x: number; y: number; width: number; height: number };
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (const [dx, dy] of [
      [0.5, -0.3],
      [0.5, 0.3],
      [0, 0.1],
    ] as const)
      await page.mouse.move(x + dx * box.height, y + dy * box.height, { steps: 4 });
    await page.mouse.up();
    const selected = Number((await page.getByRole("heading", { name: / selected$/ }).textContent())?.split(" ")[0]);
    expect(selected).toBeGreaterThan(20);
    expect(selected).toBeLessThan(250);
    await expectAccessible(page);
    await page.getByRole("link", { name: "Grid", exact: true }).last().click();
    await page.getByText(`${selected} samples, 0 selected`).waitFor();
    const cells = page.getByRole("listbox", { name: "Samples" }).getByRole("option");
    await cells.first().getByText("bars").waitFor();
    await page.getByRole("combobox", { name: /^Given/ }).selectOption("frame");
    await page.getByText("No sample matches these filters.").waitFor();
  });

  test("fixes an audit, leads to its draw, and says what the bound is", async () => {
    const page = await open("stop");
    await page.getByText("The next 50 hold about 31 wrong labels").waitFor();
    await page.getByRole("radio", { name: "less than 5.0%" }).check();
    await page.getByRole("button", { name: "Draw 59 at random" }).click();
    await page.getByText("0 of 59 drawn at random are decided.").waitFor();
    await expectAccessible(page);
    await page.getByRole("link", { name: "Review the draw" }).click();
    await page.getByText("1 of 59", { exact: true }).waitFor();
    for (let i = 0; i < 59; i++) await page.keyboard.press("q");
    await page.getByRole("heading", { name: "End of the queue" }).waitFor();
    await page.getByText("All saved").waitFor();
    await page.getByRole("link", { name: "When to stop" }).last().click();
    await page.getByText("At least 97.0% of all wrong labels are found.").waitFor();
  });

  test("trains on the verdicts, compares before and after, and offers the corrections as files", async () => {
    const page = await open("retrain");
    await page.getByRole("button", { name: "Train again" }).click();
    await page.getByText("has started").waitFor();
    await page.getByRole("cell", { name: "+3.5 points" }).waitFor();
    await page.getByRole("row", { name: "test loss 0.75 0.5 \u22120.25" }).waitFor();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Label Studio" }).click(),
    ]);
    expect(file.url()).toContain("format=label-studio");
    await expectAccessible(page);
  });

  test("starts a run by form, and compares the recipes of runs", async () => {
    const page = await studioPage.open("#/new");
    const start = page.getByRole("button", { name: "Start" });
    await start.waitFor();
    expect(await start.isDisabled()).toBe(true);
    await page.getByLabel("data", { exact: true }).fill("my photos");
    await page.getByText("Training", { exact: true }).click();
    await page.getByLabel("epochs", { exact: true }).fill("20");
    await page.getByText("npx selfadapt train 'my photos' \\ --set epochs=20").waitFor();
    await expectAccessible(page);
    const [request] = await Promise.all([page.waitForRequest("**/api/runs"), start.click()]);
    expect(request.postDataJSON()).toEqual({ recipe: { data: "my photos", epochs: 20 } });
    await page.getByRole("heading", { name: "photos-sat-30" }).waitFor();
    await page.goto(`${studioPage.studio.url}#/runs`);
    for (const run of ["photos-sat-30", "shapes-ce-29"]) await page.getByLabel(`Compare ${run}`).check();
    await page.getByRole("link", { name: "Compare 2 runs" }).click();
    await page.getByRole("row", { name: "lr 0.1 0.05" }).waitFor();
    await expectAccessible(page);
  });
});
