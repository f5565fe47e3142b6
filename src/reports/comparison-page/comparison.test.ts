import { describe, expect, it } from "vitest";
import { crossEntropyRun, plainRun, selfAdaptiveRun } from "../../../test/support/runs.js";
import { comparisonTable, renderComparison } from "../index.js";
import { comparisonPlots } from "./comparison-plots.js";

const runs = [crossEntropyRun, selfAdaptiveRun];

describe("the comparison for a terminal", () => {
  it("aligns a column for each run", () => {
    expect(comparisonTable(runs)).toEqual([
      "                                 cross entropy   self-adaptive",
      "Training labels wrong                    36.0%           36.0%",
      "Test accuracy                            39.1%           48.1%",
      "Wrong labels memorized                   93.0%           12.0%",
      "Training accuracy, true labels           49.0%           72.0%",
      "True labels recovered                    64.0%           88.2%",
      "Time                                1 min 01 s      1 min 02 s",
    ]);
  });

  it("leaves out rows without values, and marks missing ones", () => {
    expect(comparisonTable([plainRun])).toEqual(["            plain", "Time   1 min 01 s"]);
    expect(comparisonTable([plainRun, selfAdaptiveRun])[2]).toMatch(/^Test accuracy +– +48\.1%$/);
  });
});

describe("the comparison as a page", () => {
  it("has one plot for each quantity, with a curve for each run that knows it", () => {
    const plots = comparisonPlots({ runs: [...runs, plainRun] });
    expect(plots.map(({ title, series }) => [title, series.length])).toEqual([
      ["Test accuracy", 2],
      ["Wrong labels memorized", 2],
      ["Training accuracy, true labels", 2],
      ["Training accuracy, given labels", 3],
      ["True labels recovered", 2],
    ]);
  });

  it("gives a run the same color in every plot", () => {
    const colors = comparisonPlots({ runs }).map(({ series }) => series.map(({ color }) => color).join());
    expect(new Set(colors)).toEqual(new Set(["var(--run-1),var(--run-2)"]));
  });

  it("describes each run relative to the first, and prints the best figure in bold", async () => {
    const page = await renderComparison({ title: "Side by side", runs });
    expect(page).toContain("36.0% of the 10,000 training labels are wrong.");
    expect(page).toContain("“cross entropy” reached 39.1% on the test set and memorized 93.0% of the wrong labels.");
    expect(page).toContain(
      "“self-adaptive” reached 48.1% on the test set (+9.0 points), memorized 12.0% of the wrong labels and recovered 88.2%",
    );
    expect(page).toContain('<th scope="row">Test accuracy</th><td>39.1%</td><td><b>48.1%</b></td>');
    expect(page).toContain('<th scope="row">Wrong labels memorized</th><td>93.0%</td><td><b>12.0%</b></td>');
  });

  it("puts the options in which the recipes differ first, and says what the runs share", async () => {
    const page = await renderComparison({ title: "Side by side", runs });
    const differing = [...page.matchAll(/<tr class="differs"><th scope="row">([^<]*)</g)].map(([, key]) => key);
    expect(differing).toEqual(["objective", "startEpoch"]);
    expect(page.indexOf(">startEpoch<")).toBeLessThan(page.indexOf(">data.format<"));
    expect(page).toMatch(/<p class="facts">resnet18 \(701,466 parameters\) · 12 epochs · 10,000 training samples/);
  });
});
