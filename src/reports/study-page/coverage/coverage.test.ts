import { describe, expect, it } from "vitest";
import { crossEntropyRun } from "../../../../test/support/runs.js";
import type { RunSummary } from "../../../runs/files/run-summary.js";
import { renderPlot } from "../../charts/render-plot.js";
import { studyCsv } from "../csv.js";
import { studyFigure } from "../figure.js";
import { studyJson } from "../json.js";
import { studyLines, studyMarkdown } from "../table.js";
import type { StudyResults, StudyRun } from "../types.js";
import { coverageLines } from "./coverage.js";
import { coverageCurves } from "./figure.js";

/** Errors that fall by a fifth of the first from each coverage to the next. */
const figures = (first: number, aurc = first / 4) => ({
  errorAtCoverage: Object.fromEntries([100, 95, 90, 85, 80, 75, 70].map((c, i) => [c, first * (1 - i / 5)])),
  aurc,
});

function run(seed: number, scores: RunSummary["scores"]): StudyRun {
  return { seed, folder: `out/seed-${seed}`, summary: { ...crossEntropyRun.summary, seed, scores }, metrics: [] };
}

const softmaxRun = (seed: number) => run(seed, { "softmax-response": figures(0.2) });

const source = "the paper, table 7";

const study: StudyResults = {
  title: "Declining",
  shows: "Who knows best.",
  profile: "cpu",
  settings: [],
  draw: "coverage",
  axisLabel: null,
  interpolation: null,
  baseline: "softmax response",
  matrix: null,
  planned: 8,
  rows: [
    {
      name: "self-adaptive",
      lines: [{ paper: { source, errorAtCoverage: { 100: [0.0605, 0.002], 95: [0.0337] } } }],
      runs: [0.09, 0.1, 0.11].map((error, seed) =>
        run(seed, { abstention: figures(error), "softmax-response": figures(0.5) }),
      ),
    },
    {
      name: "SelectiveNet 95",
      lines: [{ name: "SelectiveNet", at: [95] }],
      runs: [run(0, { selection: figures(0.2) })],
    },
    {
      name: "SelectiveNet 90",
      lines: [{ name: "SelectiveNet", at: [90] }],
      runs: [run(0, { selection: figures(0.3) })],
    },
    {
      name: "cross entropy",
      lines: [
        { name: "softmax response", score: "softmax-response" },
        { name: "MC | dropout", score: "mc-dropout" },
      ],
      runs: [0.12, 0.14].map((error, seed) =>
        run(seed, { "softmax-response": figures(error), entropy: figures(0.6), "mc-dropout": figures(0.13) }),
      ),
    },
    { name: "Deep Gamblers", runs: [] },
  ],
};

const line = (name: string) => coverageLines(study).find((one) => one.name === name)!;

describe("the lines of a coverage table", () => {
  it("are evaluated by the method's own score, or by the one that they name", () => {
    expect(line("self-adaptive")).toMatchObject({
      score: "abstention",
      seeds: 3,
      aurc: new Map([0.09, 0.1, 0.11].map((e, i) => [i, e / 4])),
    });
    expect([...line("self-adaptive").cells.get(100)!.error]).toEqual([
      [0, 0.09],
      [1, 0.1],
      [2, 0.11],
    ]);
    expect([...line("MC | dropout").cells.get(100)!.error.values()]).toEqual([0.13, 0.13]);
    expect(line("Deep Gamblers")).toMatchObject({ score: null, seeds: 0, aurc: new Map() });
  });

  it("with one name are merged, each row filling its coverages", () => {
    const { cells, aurc } = line("SelectiveNet");
    expect([...cells].map(([coverage, { error }]) => [coverage, error.get(0)])).toEqual([
      [95, 0.2 * (1 - 1 / 5)],
      [90, 0.3 * (1 - 2 / 5)],
    ]);
    expect(aurc).toBeNull();
  });
});

describe("a coverage table", () => {
  it("has the published errors below the measured ones, and one of differences between runs of the same seed follows", () => {
    const [head, , ...rows] = studyMarkdown(study)
      .split("\n")
      .filter((text) => text.startsWith("|"));
    expect(head).toBe("| error at coverage (%) | score | 100% | 95% | 90% | 85% | 80% | 75% | 70% | AURC | seeds |");
    expect(rows.map((row) => row.split(" | ").slice(0, 4).join(" | "))).toEqual([
      "| self-adaptive | abstention | 10.00 ± 0.58 | 8.00 ± 0.46",
      "| reference [1] |  | 6.05 ± 0.20 | 3.37",
      "| SelectiveNet | selection | – | 16.00",
      "| softmax response | softmax-response | 13.00 ± 1.00 | 10.40 ± 0.80",
      "| MC \\| dropout | mc-dropout | 13.00 ± 0.00 | 10.40 ± 0.00",
      "| Deep Gamblers | – | – | –",
      "| points | score | 100% | 95%",
      "| --- | --- | ---: | ---:",
      "| self-adaptive | abstention | −3.50 ± 0.50 | −2.80 ± 0.40",
      "| SelectiveNet | selection | – | +6.40",
      "| MC \\| dropout | mc-dropout | +0.00 ± 1.00 | +0.00 ± 0.80",
    ]);
    expect(studyMarkdown(study)).toContain("## Difference from softmax response");
    expect(studyMarkdown(study)).toContain("- [1] the paper, table 7.");
    expect(studyMarkdown(study)).toContain("– under AURC: the line's coverages are of several networks.");
  });

  it("marks differences whose interval excludes zero", () => {
    const runs = [0, 1, 2].map((seed) => run(seed, { abstention: figures(0.1 + seed / 1000) }));
    const rows = [
      { name: "self-adaptive", runs },
      { ...study.rows[3]!, runs: [0, 1, 2].map(softmaxRun) },
    ];
    expect(studyMarkdown({ ...study, rows })).toContain("| self-adaptive | abstention | −9.90 ± 0.06 * |");
  });

  it("is one for each set of data", () => {
    const rows = ["CIFAR-10", "SVHN"].flatMap((group) => study.rows.map((row) => ({ ...row, group })));
    const headings = studyMarkdown({ ...study, rows }).match(/^## .*/gm);
    expect(headings).toEqual(
      ["CIFAR-10", "SVHN"].flatMap((group) => [`## ${group}`, `## ${group}: difference from softmax response`]),
    );
  });

  it("is printed for a terminal without empty columns", () => {
    const [selective] = study.rows.slice(1);
    const text = studyLines({ ...study, baseline: null, rows: [selective!] });
    expect(text.slice(3, 5).map((one) => one.trimEnd())).toEqual([
      "error at coverage (%)       score     95%   AURC   seeds",
      "SelectiveNet            selection   16.00      –       1",
    ]);
  });

  it("has a line for each cell as CSV, with standard errors", () => {
    const [head, first, ...rest] = studyCsv(study).trimEnd().split("\n");
    expect(head).toBe(
      "group,line,score,measure,coverage,reference,referenceDeviation,source,seeds,mean,deviation,standardError",
    );
    expect(first).toMatch(
      /^,self-adaptive,abstention,error,100,0\.0605,0\.002,"the paper, table 7",3,0\.09{5}\d*,0\.01\d*,0\.0057\d*$/,
    );
    expect(rest.filter((text) => text.includes(",aurc,")).map((text) => text.split(",")[1])).toEqual([
      "self-adaptive",
      "softmax response",
      '"MC | dropout"',
    ]);
  });

  it("is an object as JSON, with the difference of each line to the baseline", () => {
    const { lines } = studyJson(study) as { lines: readonly Record<string, unknown>[] };
    expect(lines[0]).toMatchObject({
      name: "self-adaptive",
      score: "abstention",
      errorAtCoverage: {
        100: {
          measured: { mean: expect.closeTo(0.1, 12), count: 3, standardError: expect.closeTo(0.01 / Math.sqrt(3), 12) },
          reference: { mean: 0.0605, deviation: 0.002, source },
          overBaseline: { mean: expect.closeTo(-0.035, 12), count: 2 },
        },
      },
    });
  });
});

describe("the figure of a coverage table", () => {
  it("has a curve for each line, and points for published values", async () => {
    const [[, curves] = []] = coverageCurves(study);
    expect(curves?.references).toEqual([
      { series: "self-adaptive", x: 100, value: 0.0605 },
      { series: "self-adaptive", x: 95, value: 0.0337 },
    ]);
    const svg = await renderPlot(studyFigure(study)!);
    for (const word of ["Coverage (%)", "Selective risk (%)", "SelectiveNet", "Circles: reference values."]) {
      expect(svg).toContain(`>${word}</text>`);
    }
    for (const coverage of [70, 85, 100]) expect(svg).toContain(`>${coverage}</text>`);
    expect(svg).not.toMatch(/NaN|undefined|Deep Gamblers/);
  });

  it("has a panel for each set of data", async () => {
    const rows = ["CIFAR-10", "SVHN"].flatMap((group) => study.rows.map((row) => ({ ...row, group })));
    const svg = await renderPlot(studyFigure({ ...study, rows })!);
    for (const group of ["CIFAR-10", "SVHN"]) expect(svg).toContain(`>${group}; circles: reference values.</text>`);
  });
});
