import { describe, expect, it } from "vitest";
import { checkNesting, headings, pageText } from "../../../test/support/page.js";
import { crossEntropyRun, plainRun, selfAdaptiveRun } from "../../../test/support/runs.js";
import { renderComparison, renderReport } from "../index.js";
import { describeRun } from "./run-description.js";

const hostile = `</style><script>alert("1")</script>&'`;

describe("the report of a run", () => {
  it("is one page with nested elements, no scripts and nothing from elsewhere", async () => {
    const page = await renderReport({ title: "Shapes", ...selfAdaptiveRun });
    checkNesting(page);
    expect(page).toMatch(/^<!DOCTYPE html>\n<html lang="en">/);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|\shref=|\ssrc=|@import|url\((?!#)/i);
    expect(page.match(/https?:[^"]*/g)?.every((link) => link.startsWith("http://www.w3.org/"))).toBe(true);
  });

  it("has a description and headline figures", async () => {
    const page = pageText(await renderReport({ title: "Shapes", ...selfAdaptiveRun }));
    expect(page).toContain("36.0% of the 10,000 training labels are wrong.");
    expect(page).toContain(
      "The network memorized 12.0% of the wrong labels; its targets recovered the true label of 88.2% of all samples.",
    );
    expect(page).toContain("Its test accuracy is 48.1%.");
    expect(page).toMatch(/Test accuracy\s+48\.1%\s+highest 48\.1%, epoch 11/);
    expect(page).toMatch(/True labels recovered\s+88\.2%/);
    expect(page).toMatch(/Label noise\s+36\.0%\s+of 10,000 labels/);
    expect(page).toMatch(/Training time\s+1 min 02 s\s+6,580 images\/s/);
  });

  it("says so when the targets stayed at the labels", async () => {
    const page = pageText(await renderReport({ title: "Shapes", ...crossEntropyRun }));
    expect(page).toMatch(/True labels recovered\s+64\.0%\s+the targets did not move/);
  });

  it("draws accuracy, loss, labels and learning rate, and marks where the targets start", async () => {
    const page = await renderReport({ title: "Shapes", ...selfAdaptiveRun });
    const plots = ["Accuracy", "Loss", "Recovered and memorized labels", "Learning rate"];
    expect(headings(page)).toEqual(["Training curves", ...plots, "Last epochs", "Recipe"]);
    expect(page.match(/targets start to move/g)).toHaveLength(3);
    expect(page).toContain("Training, true labels ends at 72.0%; Training, given labels ends at 43.0%");
  });

  it("shows the last ten epochs and every key of the recipe", async () => {
    const page = await renderReport({ title: "Shapes", ...selfAdaptiveRun });
    const rows = [...page.matchAll(/<tr><th scope="row">([^<]*)</g)].map(([, name]) => name);
    const recipe = ["data.format", "data.limitTrain", "objective", "lr", "mean", "startEpoch"];
    expect(rows).toEqual(["2", "3", "4", "5", "6", "7", "8", "9", "10", "11", ...recipe]);
    expect(page).toContain("<td>[0.5,0.5]</td>");
  });

  it("leaves out what is unknown", async () => {
    const page = await renderReport({ title: "Plain", ...plainRun });
    checkNesting(page);
    expect(headings(page)).toEqual(["Training curves", "Accuracy", "Loss", "Learning rate", "Last epochs"]);
    expect(pageText(page)).toMatch(/Test accuracy\s+–\s+no test set/);
    expect(page).not.toMatch(/undefined|null|NaN|true label|wrong label/i);
  });

  it("is valid for a run without a single epoch", async () => {
    const page = await renderReport({ title: "Empty", ...plainRun, metrics: [] });
    checkNesting(page);
    expect(headings(page)).toEqual([]);
  });

  it("escapes the title, the recipe and the names", async () => {
    const run = { ...plainRun, name: hostile, recipe: { [hostile]: hostile } };
    const pages = [
      await renderReport({ ...run, title: hostile, summary: { ...run.summary, model: hostile } }),
      await renderComparison({ title: hostile, runs: [run, { ...crossEntropyRun, name: hostile }] }),
    ];
    for (const page of pages) {
      expect(page).not.toContain("<script");
      expect(page).toContain("&lt;script&gt;");
      checkNesting(page);
    }
  });
});

describe("the description of a run", () => {
  it("names the peak of a test accuracy that then fell, and not targets that never moved", () => {
    expect(describeRun(crossEntropyRun)).toBe(
      "36.0% of the 10,000 training labels are wrong. The network memorized 93.0% of the wrong labels. " +
        "Its test accuracy peaked at 55.0% in epoch 4 and fell to 39.1% by the end.",
    );
  });

  it("is empty where nothing is known", () => {
    expect(describeRun(plainRun)).toBe("");
  });
});
