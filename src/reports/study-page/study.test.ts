import { describe, expect, it } from "vitest";
import { crossEntropyRun } from "../../../test/support/runs.js";
import { spreadOf } from "../../metrics/index.js";
import type { RunSummary } from "../../runs/files/run-summary.js";
import { renderPlot } from "../charts/render-plot.js";
import { studyCsv, studyRunsCsv } from "./csv.js";
import { axisCurves, epochCurves } from "./curves.js";
import { studyFigure } from "./figure.js";
import { studyJson } from "./json.js";
import { interpolationThreshold } from "./statistics.js";
import { studyLines, studyMarkdown } from "./table.js";
import type { StudyResults, StudyRun } from "./types.js";

function run(seed: number, figures: Partial<RunSummary>): StudyRun {
  const summary = { ...crossEntropyRun.summary, seed, ...figures };
  return { seed, folder: `out/seed-${seed}`, summary, metrics: crossEntropyRun.metrics };
}

const authors = "the authors' code, with 10,000 images";

const table: StudyResults = {
  title: "Noisy labels",
  shows: "Who survives them.",
  profile: "cpu",
  settings: ["epochs=2"],
  draw: "bars",
  axisLabel: null,
  interpolation: null,
  baseline: null,
  matrix: null,
  planned: 5,
  rows: [
    {
      name: "cross entropy",
      paper: { testAccuracy: 0.391, source: authors },
      runs: [
        run(0, { testAccuracy: 0.38, testAccuracyAtBest: 0.45 }),
        run(1, { testAccuracy: 0.4, testAccuracyAtBest: 0.47 }),
      ],
    },
    {
      name: "self|adaptive",
      paper: { testAccuracy: 0.481, source: authors },
      runs: [run(0, { testAccuracy: 0.5, testAccuracyAtBest: null })],
    },
    { name: "mixup, later", runs: [] },
  ],
};

/** Cross entropy fits its labels from width 4 on; a second series never does. */
const grid: StudyResults = {
  ...table,
  draw: "axis",
  axisLabel: "Base width",
  interpolation: "ce",
  rows: [1, 4, 8].flatMap((at) => [
    {
      name: `ce, width ${at}`,
      series: "ce",
      at,
      ...(at === 4 && { paper: { testAccuracy: 0.77, source: "the figure" } }),
      runs: [
        run(0, { testAccuracy: 0.7, noisyTrainAccuracy: at < 4 ? 0.98 : 0.996 }),
        run(1, { testAccuracy: 0.6, noisyTrainAccuracy: at < 4 ? 1 : 0.994 }),
      ],
    },
    { name: `sat, width ${at}`, series: "sat", at, runs: [run(0, { testAccuracy: 0.8, noisyTrainAccuracy: 0.7 })] },
  ]),
};

describe("a spread", () => {
  it("is the mean and the deviation of the sample, which one value does not have", () => {
    expect(spreadOf([1, 2, 3, 4])).toEqual({ mean: 2.5, deviation: Math.sqrt(5 / 3), count: 4 });
    expect(spreadOf([0.5])).toEqual({ mean: 0.5, deviation: null, count: 1 });
    expect(spreadOf([])).toBeNull();
  });
});

describe("a study's table", () => {
  it("sets reference and measured values side by side, in Markdown", () => {
    expect(studyMarkdown(table)).toBe(`# Noisy labels

Who survives them.

Profile cpu; 3 of 5 runs finished. Changed in every recipe: epochs=2.

|  | reference | test accuracy, last epoch | test accuracy, best on noisy validation | seeds |
| --- | ---: | ---: | ---: | ---: |
| cross entropy | 39.1% [1] | 39.0% ± 1.0 | 46.0% ± 1.0 | 2 |
| self\\|adaptive | 48.1% [1] | 50.0% | – | 1 |
| mixup, later |  | – | – | 0 |

- [1] the authors' code, with 10,000 images.
- ± is the standard error of the mean over seeds; one seed has none.
- – under "best on noisy validation": nothing was held out.
- "Best on noisy validation" is the test figure of the epoch that was best on a held-out part with the same noise.

![Noisy labels](results.svg)
`);
  });

  it("is aligned for a terminal", () => {
    expect(studyLines(table).slice(3, 7)).toEqual([
      "                reference   test accuracy, last epoch   test accuracy, best on noisy validation   seeds",
      "cross entropy   39.1% [1]                 39.0% ± 1.0                               46.0% ± 1.0       2",
      "self|adaptive   48.1% [1]                       50.0%                                         –       1",
      "mixup, later                                        –                                         –       0",
    ]);
  });

  it("has errors for a study of double descent, and the interpolation threshold of cross entropy", () => {
    const lines = studyLines(grid).join("\n");
    expect(lines).toMatch(
      /Base width +ce, reference +ce, test error +training error +sat, test error +training error +seeds/,
    );
    expect(lines).toMatch(/\n4 +23\.0% \[1\] +35\.0% ± 5\.0 +0\.5% ± 0\.1 +20\.0% +30\.0% +2 and 1\n/);
    expect(lines).toContain(
      "Interpolation threshold: base width 4, the smallest at which ce ends with a training error under 1% (0.50%).",
    );
  });

  it("says that there is no interpolation threshold where there is none", () => {
    const never = { ...grid, interpolation: "sat" };
    expect(interpolationThreshold(never)).toBeNull();
    expect(studyLines(never).join("\n")).toContain(
      "Interpolation threshold: none; sat ends with a training error of 1%",
    );
  });
});

describe("a study's figures as CSV", () => {
  it("have a line for each row, with unknown values empty", () => {
    expect(studyCsv(table)).toBe(
      `row,series,at,referenceTestAccuracy,source,seeds,testAccuracy,testAccuracyDeviation,testAccuracyAtBest,testAccuracyAtBestDeviation
cross entropy,,,0.391,"the authors' code, with 10,000 images",2,0.39,0.014142135623730963,0.45999999999999996,0.014142135623730925
"self|adaptive",,,0.481,"the authors' code, with 10,000 images",1,0.5,,,
"mixup, later",,,,,0,,,,
`,
    );
  });

  it("are read as they were where a name begins or ends with a space", () => {
    const [, line] = studyCsv({ ...table, rows: [{ name: " late ", runs: [] }] }).split("\n");
    expect(line).toBe('" late ",,,,,0,,,,');
  });

  it("have a line for each run", () => {
    const lines = studyRunsCsv(grid).trimEnd().split("\n");
    expect(lines).toHaveLength(10);
    expect(lines[0]).toMatch(/^row,series,at,seed,testAccuracy,.*,kernels,run$/);
    expect(lines[1]).toMatch(/^"ce, width 1",ce,1,0,0\.7,,2\.5,0\.98,.*,cpu,fp32,stock,out\/seed-0$/);
  });

  it("are one object as JSON", () => {
    const json = studyJson(grid);
    expect(json).toMatchObject({ profile: "cpu", planned: 5, finished: 9, interpolationThreshold: 4 });
    const [first] = json.rows;
    expect(first).toMatchObject({ series: "ce", at: 1, reference: null, testAccuracyAtBest: null });
    expect(first?.testAccuracy).toMatchObject({ mean: expect.closeTo(0.65, 12), count: 2 });
    expect(first?.runs.map(({ seed }) => seed)).toEqual([0, 1]);
  });
});

describe("a study's curves", () => {
  it("are of the last epoch's error against the axis, with a band of one standard error and the reference points", () => {
    const { points, references, mark } = axisCurves(grid);
    expect(points).toHaveLength(6);
    expect(points[0]).toMatchObject({ series: "ce", x: 1 });
    expect(points[0]?.value).toBeCloseTo(0.35, 12);
    expect((points[0]!.high - points[0]!.low) / 2).toBeCloseTo(0.05, 12);
    expect(references).toEqual([{ series: "ce", x: 4, value: 0.22999999999999998 }]);
    expect(mark).toEqual({ x: 4, label: "interpolation threshold" });
  });

  it("against the epochs leave out those that were not evaluated, and count from 1", () => {
    const metrics = crossEntropyRun.metrics.map((line) =>
      line.epoch % 2 === 0 ? { ...line, testAccuracy: null } : line,
    );
    const { points } = epochCurves({ ...table, rows: [{ name: "ce", runs: [{ ...run(0, {}), metrics }] }] });
    expect(points.map(({ x }) => x)).toEqual([2, 4, 6, 8, 10, 12]);
    expect(points[5]?.value).toBeCloseTo(0.609, 12);
  });
});

describe("a study's figure", () => {
  it.each([
    ["bars", table, ["cross entropy", "last epoch", "best on noisy validation", "reference", "Test accuracy (%)"]],
    ["axis", grid, ["Base width", "Test error (%)", "ce", "sat", "interpolation threshold"]],
    ["epochs", { ...table, draw: "epochs" } as const, ["Epochs trained", "cross entropy", "self|adaptive"]],
  ] as const)("of the kind %s is drawn on white with its words", async (_, results, words) => {
    const svg = await renderPlot(studyFigure(results)!);
    expect(svg).toMatch(/^<svg [^>]*>.*<\/svg>$/s);
    expect(svg).not.toMatch(/NaN|undefined|var\(/);
    for (const word of words) expect(svg).toContain(`>${word}</text>`);
  });

  it("is not drawn while nothing has been measured", () => {
    expect(studyFigure({ ...table, rows: table.rows.slice(2) })).toBeNull();
  });
});
