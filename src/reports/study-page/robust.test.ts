import { describe, expect, it } from "vitest";
import { crossEntropyRun } from "../../../test/support/runs.js";
import { renderPlot } from "../charts/render-plot.js";
import { studyCsv, studyRunsCsv } from "./csv.js";
import { robustCurves } from "./curves.js";
import { studyFigure } from "./figure.js";
import { studyJson } from "./json.js";
import { studyLines, studyMarkdown } from "./table.js";
import type { StudyResults, StudyRun } from "./types.js";

/** A run whose robust accuracy went so, the last epoch's being the summary's. */
function run(seed: number, testAccuracy: number, robust: readonly (number | undefined)[]): StudyRun {
  const metrics = robust.map((robustAccuracy, epoch) => ({
    epoch,
    lr: 0.1,
    trainLoss: 2,
    testAccuracy,
    ...(robustAccuracy !== undefined && { robustAccuracy }),
    seconds: 1,
    imagesPerSecond: 1,
  }));
  const summary = { ...crossEntropyRun.summary, seed, testAccuracy, robustAccuracy: robust.at(-1) ?? null };
  return { seed, folder: `out/seed-${seed}`, summary, metrics };
}

const study: StudyResults = {
  title: "Robust accuracy",
  shows: "What attacks leave.",
  profile: "cpu",
  settings: [],
  draw: "robust",
  axisLabel: null,
  interpolation: null,
  baseline: null,
  matrix: null,
  planned: 4,
  rows: [
    {
      name: "TRADES",
      paper: { testAccuracy: 0.8492, robustAccuracy: 0.5668, source: "the paper" },
      runs: [run(0, 0.5, [0.2, 0.3, undefined, 0.26]), run(1, 0.54, [0.22, 0.26, undefined, 0.24])],
    },
    { name: "self-adaptive TRADES", paper: { testAccuracy: 0.8348, source: "the paper" }, runs: [] },
  ],
};

describe("a study of robust accuracy", () => {
  it("shows natural and robust accuracy with their references, and the drop from the best to the last epoch", () => {
    const markdown = studyMarkdown(study);
    expect(markdown).toContain(
      "| TRADES | 84.9% [1] | 52.0% ± 2.0 | 56.7% [1] | 25.0% ± 1.0 | 28.0% ± 2.0 | 3.0 ± 1.0 | 2 |",
    );
    expect(markdown).toContain("| self-adaptive TRADES | 83.5% [1] | – |  | – | – | – | 0 |");
    expect(markdown).toContain("- [1] the paper.");
    expect(studyLines(study).join("\n")).toContain("PGD-20, best epoch");
  });

  it("has a column for a separate attack in the last and in the best epoch, and none for references that it lacks", () => {
    const attack = { attack: "autoattack", samples: 500, naturalAccuracy: 0.5 };
    const runs = study.rows[0]!.runs.map((run) => ({
      ...run,
      attacks: [
        { ...attack, epoch: 3, robustAccuracy: 0.2 },
        { ...attack, epoch: 1, robustAccuracy: 0.24 },
      ],
    }));
    const markdown = studyMarkdown({ ...study, rows: [{ name: "TRADES", runs }] });
    expect(markdown).toContain(
      "|  | natural, last epoch | PGD-20, last epoch | PGD-20, best epoch | fall, points | autoattack, last epoch | autoattack, best epoch | seeds |",
    );
    expect(markdown).toContain("| 3.0 ± 1.0 | 20.0% ± 0.0 | 24.0% ± 0.0 | 2 |");
    expect(markdown).toContain("- autoattack: on 500 images,");
  });

  it("has the differences from its baseline between runs of the same seed", () => {
    const better = study.rows[0]!.runs.map((run) => ({
      ...run,
      summary: { ...run.summary, robustAccuracy: run.summary.robustAccuracy! + 0.02 },
    }));
    const rows = [study.rows[0]!, { name: "self-adaptive", runs: better }];
    const markdown = studyMarkdown({ ...study, baseline: "TRADES", rows });
    expect(markdown).toContain("## Difference from TRADES");
    expect(markdown).toContain("| self-adaptive | +0.0 ± 0.0 | +2.0 ± 0.0 * | +0.0 ± 0.0 | −2.0 ± 0.0 * |");
    expect(studyMarkdown(study)).not.toContain("Difference");
  });

  it("is drawn over the epochs from 0, with a band of one standard error, without epochs that were not attacked", async () => {
    const { points, xTitle } = robustCurves(study);
    expect(xTitle).toBe("Epoch");
    expect(points.map(({ x }) => x)).toEqual([0, 1, 3]);
    expect(points[1]?.value).toBeCloseTo(0.28, 12);
    expect(points[1]?.high).toBeCloseTo(0.3, 12);
    expect(await renderPlot(studyFigure(study)!)).toContain("Robust accuracy, PGD-20 (%)");
  });

  it("is exported as JSON and CSV", () => {
    expect(studyJson(study).rows[0]).toMatchObject({
      robustAccuracy: { mean: 0.25, count: 2 },
      highestRobustAccuracy: { count: 2 },
    });
    const [head, first] = studyCsv(study).split("\n");
    expect(head).toContain("referenceRobustAccuracy,robustAccuracy,robustAccuracyDeviation,highestRobustAccuracy");
    expect(first).toMatch(/,0\.5668,0\.25,0\.014\d*,0\.28\d*,0\.028\d*$/);
    expect(studyRunsCsv(study).split("\n")[0]).toContain("robustAccuracy");
  });
});
