import { describe, expect, it } from "vitest";
import { checkNesting, headings, pageText } from "../../../test/support/page.js";
import { findings, labelRecord, pictures, plainRun, selfAdaptiveRun, trackedRun } from "../../../test/support/runs.js";
import type { Findings } from "../../issues/index.js";
import { renderReport } from "../index.js";
import { describeRun } from "./run-description.js";

const hostile = `</svg></style><script>alert("1")</script>&'`;
const known = { title: "Pets", findings, samples: pictures, labels: labelRecord };
const ofThree = { ...trackedRun, summary: { ...trackedRun.summary, classes: 3 } };

describe("the report of a run with findings", () => {
  it("adds likely label errors, classes, targets and calibration to the page, which loads nothing external", async () => {
    const page = await renderReport({ ...ofThree, ...known });
    checkNesting(page);
    expect(headings(page)).toEqual([
      "Likely label errors",
      "Confusion between classes",
      "Noise matrix, estimated",
      "Noise matrix, true",
      "Training curves",
      "Training dynamics",
      "Test accuracy",
      "Loss",
      "Recovered and memorized labels",
      "Drift of the targets",
      "Learning rate",
      "Targets and confidence after training",
      "Drift of the final targets",
      "Reliability diagram",
      "Last epochs",
      "Recipe",
    ]);
    expect(page).toContain("img-src data:");
    expect(page).not.toMatch(/<script|<link|<iframe|\son\w+=|\shref=|\ssrc="(?!data:image\/webp)|@import|url\((?!#)/i);
  });

  it("shows findings where nothing else is known", async () => {
    const page = await renderReport({ ...plainRun, title: "Pets", findings: { ...findings, reliability: null } });
    checkNesting(page);
    expect(headings(page)).toEqual([
      "Likely label errors",
      "Confusion between classes",
      "Noise matrix, estimated",
      "Most confused pairs",
      "Training curves",
      "Accuracy",
      "Loss",
      "Learning rate",
      "Last epochs",
    ]);
    expect(pageText(page)).not.toMatch(/undefined|null|NaN|actually/);
  });

  it("starts with the estimated label errors, next to the true ones if they are known", async () => {
    const text = pageText(await renderReport({ ...ofThree, ...known }));
    expect(text).toMatch(/Likely label errors\s+50\.0%\s+40\.0% to 62\.5%; actually 36\.0%\s+Test accuracy/);
    const unknown = pageText(await renderReport({ ...plainRun, title: "Pets", findings }));
    expect(unknown).toMatch(/Likely label errors\s+50\.0%\s+40\.0% to 62\.5% of 6 labels/);
  });

  it("escapes the names of classes and files everywhere", async () => {
    const issues = findings.issues.map((issue) => ({ ...issue, file: hostile, given: hostile, suggested: hostile }));
    const classHealth = findings.classHealth.map((health) => ({ ...health, name: hostile }));
    const named: Findings = { ...findings, issues, classHealth, classes: [hostile, "b", "c"] };
    for (const samples of [pictures, null]) {
      const page = await renderReport({ ...ofThree, ...known, samples, findings: named });
      checkNesting(page);
      expect(page).not.toContain("<script");
      expect(page.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(10);
    }
  });

  it("stays below 500 kB for 10,000 samples of CIFAR's size and kind", async () => {
    const n = 10000;
    const issues = Array.from({ length: n }, (_, index) => ({ ...findings.issues[0]!, index, score: 1 - index / n }));
    const values = Uint8Array.from({ length: 40 * 3072 }, (_, i) => (i * i * 7919) >>> 5);
    const samples = { values, shape: [3, 32, 32], labels: new Int32Array(n) };
    const classes = Array.from({ length: 10 }, (_, i) => `class ${i}`);
    const noiseMatrix = classes.map((_, i) => classes.map((_, j) => (i === j ? 0.64 : 0.04 + 0.001 * j)));
    const labels = {
      given: new Int32Array(n).map((_, i) => i % 10),
      clean: new Int32Array(n).map((_, i) => (i % 3 === 0 ? 0 : i % 10)),
      targets: new Float32Array(n * 10).fill(0.1),
      trained: new Int32Array(n).map((_, i) => i),
    };
    const all = { ...findings, issues, evaluated: n, classes, noiseMatrix };
    const page = await renderReport({ ...trackedRun, title: "Large", findings: all, samples, labels });
    expect(page.match(/<img/g)).toHaveLength(40);
    expect(page.length).toBeLessThan(500_000);
  });
});

describe("the training dynamics", () => {
  it("are the four accuracies of the epochs with all of them", async () => {
    const page = await renderReport({ title: "Shapes", ...trackedRun });
    expect(page).toContain(
      "Training dynamics over the epochs: Training part, given labels ends at 51.0%; Training part, true labels ends at " +
        "72.0%; Held out, given labels ends at 35.0%; Held out, true labels ends at 52.0%.",
    );
    expect(headings(page)).not.toContain("Accuracy");
  });

  it("are two where the true labels are unknown, and left out where they were not tracked", async () => {
    const unknown = { ...trackedRun, summary: { ...trackedRun.summary, labelNoise: null } };
    const page = await renderReport({ title: "Shapes", ...unknown });
    expect(page).toContain("over the epochs: Training part ends at 51.0%; Held out ends at 35.0%.");
    expect(headings(await renderReport({ title: "Shapes", ...selfAdaptiveRun }))).not.toContain("Training dynamics");
  });
});

describe("the drift of targets", () => {
  it("is a curve next to the fraction of wrong labels, with the start marked", async () => {
    const page = await renderReport({ title: "Shapes", ...trackedRun });
    expect(page).toContain("Drift of the targets ends at 36.0%; Wrong labels ends at 36.0%.");
    const drift = page.slice(page.indexOf("Drift of the targets"));
    expect(drift.slice(0, drift.indexOf("</figure>"))).toContain(">targets start to move</text>");
  });
});

describe("the description of a run with findings", () => {
  it("begins with the estimated noise and the most confused pair, then the true noise", () => {
    expect(
      describeRun({
        ...selfAdaptiveRun,
        findings: {
          ...findings,
          noiseRate: { ...findings.noiseRate, estimate: 0.358, low: 0.33, high: 0.39 },
          evaluated: 10000,
        },
      }),
    ).toMatch(
      /^About 36% \(33 to 39%\) of the labels look wrong; the most confused pair is cat, labeled dog\. Actually, 36\.0% of the 10,000/,
    );
    expect(describeRun({ ...plainRun, findings })).toBe(
      "About 50% (40 to 63%) of the labels look wrong; the most confused pair is cat, labeled dog.",
    );
  });

  it("gives an upper bound when no label looks wrong, and names no pair without confusion", () => {
    expect(
      describeRun({
        ...plainRun,
        findings: {
          ...findings,
          noiseRate: { ...findings.noiseRate, estimate: 0, low: 0, high: 0.012 },
          evaluated: 5000,
        },
      }),
    ).toBe("At most 1.2% of the labels look wrong.");
    const noiseMatrix = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    expect(describeRun({ ...plainRun, findings: { ...findings, noiseMatrix } })).toBe(
      "About 50% (40 to 63%) of the labels look wrong.",
    );
  });
});
