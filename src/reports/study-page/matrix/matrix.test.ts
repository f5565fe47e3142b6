import { describe, expect, it } from "vitest";
import { crossEntropyRun } from "../../../../test/support/runs.js";
import { renderPlot } from "../../charts/render-plot.js";
import { studyCsv, studyRunsCsv } from "../csv.js";
import { studyFigure } from "../figure.js";
import { studyJson } from "../json.js";
import { studyLines, studyMarkdown, studySummary } from "../table.js";
import type { StudyResults, StudyRowResults } from "../types.js";
import { accuracyDifference, matrixParts, rankings } from "./comparison.js";

/** A row whose run of seed i has the i-th accuracy; null leaves a seed out. */
function row(condition: string, method: string, ...accuracies: readonly (number | null)[]): StudyRowResults {
  const runs = accuracies.flatMap((testAccuracy, seed) => {
    const summary = { ...crossEntropyRun.summary, objective: method, seed, testAccuracy, recoveredLabels: null };
    return testAccuracy === null ? [] : [{ seed, folder: `out/seed-${seed}`, summary, metrics: [] }];
  });
  return { name: `shapes, ${condition}, ${method}`, cell: { part: "shapes", condition, method }, runs };
}

const study: StudyResults = {
  title: "Noisy labels",
  shows: "Who survives them.",
  profile: "cpu",
  settings: [],
  draw: "matrix",
  axisLabel: null,
  interpolation: null,
  baseline: null,
  matrix: {
    parts: [
      { name: "shapes", title: "Ten shapes" },
      { name: "photos", title: "Photographs" },
    ],
    baseline: "ce",
  },
  planned: 12,
  rows: [
    row("clean", "ce", 0.9, 0.92, 0.91),
    row("clean", "sat", 0.91, 0.9, 0.92),
    row("clean", "elr"),
    row("pair", "ce", 0.5, 0.6, 0.7),
    row("pair", "sat", 0.7, 0.81, 0.89, 0.4),
    row("pair", "elr", 0.6),
  ],
};
const rowOf = (condition: string, method: string) =>
  study.rows.find(({ cell }) => cell?.condition === condition && cell.method === method)!;

describe("a paired difference", () => {
  it("is of the seeds that both methods have, with the interval of Student's t", () => {
    const difference = accuracyDifference(rowOf("pair", "sat"), rowOf("pair", "ce"));
    // 0.2, 0.21 and 0.19: deviation 0.01, and t(0.95, 2) = 4.3027.
    expect(difference?.mean).toBeCloseTo(0.2, 12);
    expect(difference?.standardError).toBeCloseTo(0.01 / Math.sqrt(3), 12);
    expect(difference?.interval?.[0]).toBeCloseTo(0.2 - (4.302652729749462 * 0.01) / Math.sqrt(3), 9);
    expect(difference?.count).toBe(3);
  });

  it("has no interval for one seed, and is none without a common one", () => {
    expect(accuracyDifference(rowOf("pair", "elr"), rowOf("pair", "ce"))).toMatchObject({
      standardError: null,
      interval: null,
      count: 1,
    });
    expect(accuracyDifference(row("x", "a", null, 0.5), row("x", "b", 0.5))).toBeNull();
  });
});

describe("a matrix of methods and conditions", () => {
  it("names the objective that a user types for a method of another name", () => {
    const rows = study.rows.map((each) =>
      each.cell?.method === "sat" ? { ...each, cell: { ...each.cell, method: "self-adaptive" } } : each,
    );
    expect(studyMarkdown({ ...study, rows })).toContain("| self-adaptive | sat | 91.0 ");
  });

  it("leaves out parts without runs, and ranks the methods under each condition", () => {
    const [part, ...others] = matrixParts(study);
    expect([part?.conditions, part?.methods, others]).toEqual([["clean", "pair"], ["ce", "sat", "elr"], []]);
    expect(rankings(part!).map(({ condition, best, level }) => [condition, best, level])).toEqual([
      ["clean", "ce", ["sat"]],
      ["pair", "sat", []],
    ]);
  });

  it("cannot say what is level with the best where no two methods have two seeds in common", () => {
    const rows = [row("clean", "ce", 0.9), row("clean", "sat", 0.8)];
    expect(rankings(matrixParts({ ...study, rows })[0]!)[0]?.level).toBeNull();
    expect(studyMarkdown({ ...study, rows })).toContain("| shapes, clean | ce (ce) | 90.0 (1) | 90.0 (1) | unknown |");
  });

  it("is a table of means and standard errors, one of differences, and a summary", () => {
    const text = studyMarkdown(study);
    for (const line of [
      "## Ten shapes",
      "| test accuracy (%), last epoch | objective | clean | pair |",
      "| ce | ce | 91.0 ± 0.6 (3) | 60.0 ± 5.8 (3) |",
      "| elr | elr | – | 60.0 (1) |",
      "## shapes: difference from ce",
      "| sat | +0.0 [−4.3, +4.3] | +20.0 [+17.5, +22.5] |",
      "| elr | – | +10.0 |",
      "## Which method for which data",
      "| shapes, clean | ce (ce) | 91.0 ± 0.6 (3) | 91.0 ± 0.6 (3) | sat |",
      "| shapes, pair | sat (sat) | 70.0 ± 10.7 (4) | 60.0 ± 5.8 (3) | none |",
    ]) {
      expect(text.split("\n")).toContain(line);
    }
    expect(studyLines(study)).toContain("shapes: difference from ce");
  });

  it("is summed up by the best method of each condition, and by its accuracies where no two methods are measured", () => {
    const { heading, table } = studySummary(study);
    expect([heading, table.head[1], table.rows.length]).toEqual(["Ten shapes", "best (objective)", 2]);
    const alone = studySummary({ ...study, rows: [row("clean", "ce", 0.9)] });
    expect(alone.table.rows).toEqual([["ce", "ce", "90.0 (1)"]]);
  });

  it("has a table of corrected labels where two methods have targets, without methods and conditions that have none", () => {
    expect(studyMarkdown(study)).not.toContain("labels corrected");
    const rows = study.rows.map((each) => {
      const hasTargets = each.cell?.condition === "pair" && each.cell.method !== "ce";
      const correct = (seed: number) => (hasTargets ? 0.8 + 0.01 * seed : null);
      const runs = each.runs.map((run) => ({
        ...run,
        summary: { ...run.summary, recoveredLabels: correct(run.seed) },
      }));
      return { ...each, runs };
    });
    const [, section = ""] = studyMarkdown({ ...study, rows }).split("## shapes: labels corrected");
    expect(section.trim().split("\n").slice(0, 4)).toEqual([
      "| true labels in the targets (%) | pair |",
      "| --- | ---: |",
      "| sat | 81.5 \u00b1 0.6 (4) |",
      "| elr | 80.0 (1) |",
    ]);
  });

  it("has the differences and the best methods in its JSON, and a line for every run in its CSV", () => {
    const json = studyJson(study);
    expect(json.best).toMatchObject([
      { part: "shapes", condition: "clean", best: "ce" },
      { part: "shapes", condition: "pair", best: "sat" },
    ]);
    expect(json.rows[4]).toMatchObject({ condition: "pair", method: "sat", difference: { count: 3 } });
    expect(studyCsv(study).split("\n")[5]).toMatch(/^"shapes, pair, sat",,,,,4,0\.7/);
    expect(studyRunsCsv(study).trimEnd().split("\n")).toHaveLength(1 + 14);
  });

  it("is drawn with a plot for each condition", async () => {
    const svg = await renderPlot(studyFigure(study)!);
    expect(svg).not.toMatch(/NaN|undefined|var\(/);
    for (const word of ["Ten shapes", "clean", "pair", "sat"]) expect(svg).toContain(`>${word}</text>`);
  });
});
