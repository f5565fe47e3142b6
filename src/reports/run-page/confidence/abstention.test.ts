import { describe, expect, it } from "vitest";
import { checkNesting, headings, pageText } from "../../../../test/support/page.js";
import { crossEntropyRun, findings, pictures, plainRun } from "../../../../test/support/runs.js";
import type { TestOutputs } from "../../../issues/evidence.js";
import { errorAtCoverage } from "../../../metrics/index.js";
import { renderReport } from "../../index.js";
import type { ReportInput } from "../../types.js";
import { abstentionOf } from "./abstention.js";
import { leastConfident } from "./least-confident.js";
import { riskCoverageDrawing, thinCurve, thresholdPoint } from "./risk-coverage.js";

/** Six answers of a network that abstains: the surer of abstaining, the less sure; the last two are wrong. */
const abstains = [-4, -3, -2, -1, 1, 3];
const answered = [0, 1, 1, 2, 0, 1];
const outputs = Float32Array.from(
  answered.flatMap((answer, i) => [...[0, 1, 2].map((c) => (c === answer ? 2 : 0)), abstains[i]!]),
);
const test: TestOutputs = {
  outputs,
  logits: Float32Array.from(answered.flatMap((answer) => [0, 1, 2].map((c) => (c === answer ? 2 : 0)))),
  labels: Int32Array.from([0, 1, 1, 2, 2, 0]),
  samples: pictures,
};
const figures = { errorAtCoverage: { 100: 2 / 6, 95: 0.3, 90: 0.25, 85: 0.2, 80: 0.15, 75: 0.1, 70: 0.05 }, aurc: 0.1 };
const scores = { abstention: figures, "softmax-response": figures, entropy: figures };
const input: ReportInput = { ...plainRun, title: "", findings, test, summary: { ...plainRun.summary, scores } };
const calibration = { score: "abstention", temperature: 1, threshold: 0.5 } as const;

/** 1 - p_abstain by a plain loop. */
const sureness = abstains.map((z) => 1 - Math.exp(z) / (Math.exp(z) + Math.exp(2) + 2));
const confidenceOf = (more: Partial<ReportInput>) => abstentionOf({ ...input, ...more })!;
const textOf = async (more: Partial<ReportInput> = {}) =>
  pageText((await leastConfident(confidenceOf(more), { ...input, ...more }))!.markup).replace(/\s+/g, " ");

describe("the abstention of a run", () => {
  it("is by the scores that its summary knows, the method's first", () => {
    const { score, confidences, predictions, threshold } = confidenceOf({});
    expect({ score, scores: [...confidences.keys()], threshold }).toEqual({
      score: "abstention",
      scores: ["abstention", "softmax-response", "entropy"],
      threshold: null,
    });
    expect([...predictions]).toEqual(answered);
    for (const [i, value] of confidences.get("abstention")!.entries()) expect(value).toBeCloseTo(sureness[i]!, 6);
  });

  it("is by the score and the temperature that the run was calibrated with", () => {
    const { score, confidences, threshold } = confidenceOf({
      calibration: { score: "softmax-response", temperature: 2, threshold: 0.5 },
    });
    expect({ score, threshold }).toEqual({ score: "softmax-response", threshold: 0.5 });
    expect(confidences.get(score)![0]).toBeCloseTo(Math.exp(1) / (Math.exp(1) + 2), 6);
    expect(confidenceOf({ calibration: { score: "mc-dropout", temperature: 1, threshold: 0.5 } }).threshold).toBeNull();
  });

  it("is null without a test set, or without scores", () => {
    expect(abstentionOf({ ...input, test: null })).toBeNull();
    expect(abstentionOf({ ...input, summary: plainRun.summary })).toBeNull();
  });
});

describe("the risk-coverage curve", () => {
  const confidence = Array.from({ length: 5000 }, (_, i) => ((i * 2657) % 5000) / 5000);
  const correct = confidence.map((value, i) => value > 0.3 || i % 3 === 0);

  it("is subsampled for plotting, each point with the error at its coverage", () => {
    const curve = thinCurve(confidence, correct);
    expect(curve.length).toBeLessThanOrEqual(200);
    expect(curve.length).toBeGreaterThan(190);
    expect(curve.at(-1)).toEqual({ coverage: 1, risk: errorAtCoverage(confidence, correct)["100"] });
    for (const { coverage, risk } of curve.filter((_, i) => i % 20 === 0)) {
      expect(errorAtCoverage(confidence, correct, [100 * coverage])[String(100 * coverage)]).toBeCloseTo(risk, 12);
    }
  });

  it("has a single point if all confidences are equal", () => {
    expect(thinCurve([1, 1, 1, 1], [true, false, true, true])).toEqual([{ coverage: 1, risk: 0.25 }]);
  });

  it("marks the coverage at the threshold", () => {
    expect(thresholdPoint(confidenceOf({}))).toBeNull();
    expect(thresholdPoint(confidenceOf({ calibration }))).toEqual({ coverage: 5 / 6, risk: 1 / 5 });
    expect(thresholdPoint(confidenceOf({ calibration: { ...calibration, threshold: 2 } }))).toBeNull();
  });

  it("has a text description, with the summary's points for MC dropout", () => {
    const { description } = riskCoverageDrawing(confidenceOf({}), figures);
    expect(description).toMatch(/^Risk-coverage curve on the test set: abstention 33\.3% at 90%; .*MC dropout 25\.0%/);
  });
});

describe("the gallery of the least confident predictions", () => {
  it("shows the lowest confidence first, with prediction, label and confidence", async () => {
    expect(sureness.map((value) => value.toPrecision(3)).slice(4)).toEqual(["0.775", "0.319"]);
    expect(await textOf()).toMatch(
      /^ These are the 6 of 6 test samples of lowest confidence by abstention: 33\.3% of their predictions are wrong, and 33\.3% of all predictions\. dog ✗ label cat no\. 5 · 0\.319 cat ✗ label frog no\. 4 · 0\.775 frog ✓ correct no\. 3 /,
    );
  });

  it("counts the samples below the threshold, and marks each as abstained or accepted", async () => {
    const text = await textOf({ calibration });
    expect(text).toContain(
      "With its calibrated threshold of 0.5 the model abstains on 1 of the test samples; 1 of these predictions are wrong.",
    );
    expect(text).toMatch(/no\. 5 · 0\.319 · abstained .* no\. 4 · \S+ · accepted/);
  });

  it("is a table for samples that are not images, with escaped file names", async () => {
    const files = [..."abcde", "<script>.png"];
    const table = { ...test, files, samples: { ...pictures, shape: [192] } };
    const page = (await leastConfident(confidenceOf({}), { ...input, test: table }))!.markup;
    expect(page).not.toMatch(/<img|<script/);
    expect(page).toContain("&lt;script&gt;.png");
  });

  it("shows 24 of many", async () => {
    const repeat = (values: ArrayLike<number>) => Array.from({ length: 10 }, () => Array.from(values)).flat();
    const many: TestOutputs = {
      outputs: Float32Array.from(repeat(outputs)),
      logits: Float32Array.from(repeat(test.logits)),
      labels: Int32Array.from(repeat(test.labels)),
      samples: {
        ...pictures,
        values: Uint8Array.from(repeat(pictures.values as Uint8Array)),
        labels: Int32Array.from(repeat(pictures.labels)),
      },
    };
    const page = (await leastConfident(confidenceOf({ test: many }), { ...input, test: many }))!.markup;
    expect(page.match(/<img/g)).toHaveLength(24);
  });
});

describe("the report of a run with a test set", () => {
  it("adds the curve, the table and the gallery, and loads nothing external", async () => {
    const more = { ...crossEntropyRun, title: "Pets", findings, test, calibration };
    const page = await renderReport({
      ...more,
      summary: { ...crossEntropyRun.summary, scores: { ...scores, "mc-dropout": figures } },
    });
    checkNesting(page);
    const all = headings(page);
    expect(all.slice(all.indexOf("Selective prediction"))).toEqual([
      "Selective prediction",
      "Risk-coverage curve",
      "Error at coverage",
      "Least confident predictions",
      "Last epochs",
      "Recipe",
    ]);
    expect(page).toContain(">threshold: 83.3% coverage</text>");
    expect(pageText(page)).toMatch(/MC dropout\s+33\.33\s+30\.00\s+25\.00/);
    expect(page).not.toMatch(/<script|undefined|NaN|\ssrc="(?!data:image\/webp)/);
  });

  it("has none of them for a run without scores", async () => {
    const page = await renderReport({ ...crossEntropyRun, title: "Pets", findings, test });
    expect(headings(page)).not.toContain("Selective prediction");
    expect(headings(page)).not.toContain("Least confident predictions");
  });
});
