import { describe, expect, it } from "vitest";
import { crossEntropyRun } from "../../../test/support/runs.js";
import { studyCsv } from "./csv.js";
import { studyJson } from "./json.js";
import { studyMarkdown } from "./table.js";
import type { StudyResults, StudyRun } from "./types.js";

/** 12 epochs of two views of 1,000 images. */
function run(seed: number, knnAccuracy: number, fineTuned?: StudyRun["fineTuned"]): StudyRun {
  const figures = { epochs: 12, trainSize: 1000, views: 2 as const, knnAccuracy, linearAccuracy: knnAccuracy + 0.1 };
  const spread = { embeddingDeviation: 0.08, evenDeviation: 0.1 };
  const summary = { ...crossEntropyRun.summary, seed, ...figures, ...spread };
  return { seed, folder: `out/seed-${seed}`, summary, metrics: [], ...(fineTuned && { fineTuned }) };
}

const tuned = (few: number, many: number) => [
  { samples: 50, testAccuracy: few },
  { samples: 500, testAccuracy: many },
];

const study: StudyResults = {
  title: "Training without labels",
  shows: "What features know.",
  profile: "cpu",
  settings: [],
  draw: "representations",
  axisLabel: null,
  interpolation: null,
  baseline: null,
  matrix: null,
  planned: 3,
  rows: [
    { name: "sat", runs: [run(0, 0.5, tuned(0.3, 0.6)), run(1, 0.54, tuned(0.34, 0.62))] },
    { name: "BYOL", runs: [run(0, 0.4)] },
  ],
};

describe("a study of features", () => {
  it("is a table of both classifiers and of fine-tuning, with standard errors", () => {
    const markdown = studyMarkdown(study);
    expect(markdown).toContain(
      "|  | epochs | images passed | nearest neighbors | linear | fine-tuned, 50 labels | fine-tuned, 500 labels | spread | seeds |",
    );
    expect(markdown).toContain(
      "| sat | 12 | 24,000 | 52.0% ± 2.0 | 62.0% ± 2.0 | 32.0% ± 2.0 | 61.0% ± 1.0 | 0.80 | 2 |",
    );
    expect(markdown).toContain("| BYOL | 12 | 24,000 | 40.0% | 50.0% | – | – | 0.80 | 1 |");
  });

  it("has a column of published figures only where there are some", () => {
    const paper = { testAccuracy: 0.9, source: "the paper" };
    const markdown = studyMarkdown({ ...study, rows: [{ name: "sat", paper, runs: [run(0, 0.5)] }] });
    expect(markdown).toContain("| linear | reference | spread |");
    expect(markdown).toContain("| 60.0% | 90.0% [1] | 0.80 |");
    expect(markdown).not.toContain("ine-tuned");
  });

  it("is exported as JSON and CSV", () => {
    expect(studyJson(study).representations?.[0]).toMatchObject({ passed: 24000, fineTuned: { 50: { count: 2 } } });
    expect(studyCsv(study).split("\n")[1]).toMatch(/^sat,12,24000,2,0\.52,/);
  });
});
