import { describe, expect, it } from "vitest";
import type { AttackResults } from "../../../evaluation/attack/kept-attacks.js";
import type { AttackResult } from "../../../evaluation/attack/result.js";
import type { AttackSeries } from "../../../evaluation/attack/series.js";
import { robustness } from "./robustness.js";
import { epochDrawing, radiusDrawing } from "./robustness-curves.js";

const pgd: AttackResult = {
  attack: "pgd",
  norm: "inf",
  epsilon: 8 / 255,
  steps: 20,
  stepSize: 0.003,
  restarts: 1,
  loss: "ce",
  limit: 200,
  batchSize: 128,
  checkpoint: "last",
  seed: 0,
  precision: "fp32",
  kernels: "auto",
  saveImages: false,
  naturalAccuracy: 0.8,
  robustAccuracy: 0.5,
  intervals: { naturalAccuracy: [0.74, 0.85], robustAccuracy: [0.43, 0.57] },
  attacks: [{ name: "pgd", robustAccuracy: 0.5, tried: 160, fooled: 60, seconds: 9 }],
  samples: 200,
  epoch: 11,
  seconds: 9,
  data: "photos, its test part",
  fingerprints: { data: "d", weights: "w" },
  warnings: [],
  gallery: [{ index: 4, label: "cat", prediction: "<dog>", attack: "square" }],
};

const strong: AttackResult = {
  ...pgd,
  attack: "autoattack",
  steps: null,
  robustAccuracy: 0.45,
  attacks: [
    { name: "apgd-ce", robustAccuracy: 0.48, tried: 160, fooled: 64, seconds: 4 },
    { name: "square", robustAccuracy: 0.45, tried: 96, fooled: 6, seconds: 5 },
  ],
  warnings: ["gradients seem masked"],
};

const none: AttackResults = { results: [], series: [], pictures: null };
const pageOf = async (attacks: AttackResults) => (await robustness(attacks))?.markup ?? "";
const over = (axis: AttackSeries["over"], results: readonly Partial<AttackResult>[]): AttackSeries => ({
  over: axis,
  results: results.map((result) => ({ ...pgd, ...result })),
});

describe("the robustness section of a report", () => {
  it("is left out of a run that was not attacked", async () => {
    expect(await robustness(none)).toBeNull();
    expect(await robustness(undefined)).toBeNull();
  });

  it("has a row for every attack and for each component of an ensemble, with warnings", async () => {
    const page = await pageOf({ ...none, results: [strong, pgd] });
    expect(page.match(/<th scope="row">[^<]*/g)).toEqual(
      ["PGD-20", "AutoAttack", "\u2013 APGD-CE", "\u2013 Square"].map((name) => `<th scope="row">${name}`),
    );
    for (const text of [
      "0.0313725 (8/255)",
      "43.0% to 57.0%",
      "fooled on 64 of 160",
      "Warning: gradients seem masked",
    ]) {
      expect(page).toContain(text);
    }
  });

  it("shows three images for an adversarial example, the perturbation amplified to the full range", async () => {
    const clean = Float32Array.from({ length: 3 * 16 }, () => 0.5);
    const attacked = clean.map((pixel, i) => pixel + (i % 2 === 0 ? 8 : -8) / 255);
    const pictures = { result: pgd, values: [clean, attacked], shape: [3, 4, 4] };
    const page = await pageOf({ ...none, pictures });
    expect(page.match(/data:image\/webp/g)).toHaveLength(3);
    expect(page).toContain("amplified 16 times");
    expect(page).toContain("no. 4 \u00b7 Square");
    expect(page).toContain("\u2192 &lt;dog&gt;");
  });
});

describe("robust accuracy as a curve", () => {
  it("over the radius is in ascending order", () => {
    const drawing = radiusDrawing([over("epsilon", [{ robustAccuracy: 0.2 }, { epsilon: 0, robustAccuracy: 0.8 }])]);
    expect(drawing?.description).toBe(
      "PGD-20, 200 images, epoch 11: 80.0% within 0 (0/255), 20.0% within 0.0313725 (8/255).",
    );
  });

  it("over the epochs has a curve of natural accuracy as well", () => {
    const epochs = [7, 8].map((epoch) => ({ checkpoint: epoch, epoch, robustAccuracy: epoch / 20 }));
    expect(epochDrawing(over("epoch", epochs))?.description).toBe(
      "Robust accuracy by epoch over the epochs: Natural ends at 80.0%; Robust ends at 40.0%.",
    );
  });

  it("is not drawn for a single point", () => {
    expect(radiusDrawing([over("epsilon", [{}])])).toBeNull();
    expect(epochDrawing(over("epoch", [{}]))).toBeNull();
  });
});
