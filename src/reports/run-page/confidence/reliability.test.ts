import { describe, expect, it } from "vitest";
import { expectedCalibrationError, reliabilityBins } from "../../../metrics/index.js";
import { renderPlot } from "../../charts/render-plot.js";
import { calibrationError, reliabilityDrawing } from "./reliability.js";

const bins = [
  { confidence: 0.3, accuracy: 0.2, samples: 10 },
  { confidence: 0.9, accuracy: 0.7, samples: 30 },
];

describe("the reliability diagram", () => {
  it("states the error weighted by samples, and says it in words", () => {
    expect(calibrationError(bins)).toBeCloseTo((10 * 0.1 + 30 * 0.2) / 40, 12);
    const drawing = reliabilityDrawing(bins);
    expect(reliabilityDrawing(bins, 2)?.caption).toContain("On the test set, at the calibrated temperature 2.000;");
    expect(drawing?.legend?.markup).toContain("Expected calibration error <b>17.5%</b>");
    expect(drawing?.description).toContain("17.5%");
  });

  it("agrees with the metric of the answers themselves", () => {
    const confidence = Array.from({ length: 200 }, (_, i) => ((i * 61) % 200) / 200);
    const right = confidence.map((_, i) => i % 3 === 0);
    const found = reliabilityBins(confidence, right).flatMap((bin) =>
      bin.confidence === null || bin.accuracy === null ? [] : [{ ...bin, samples: bin.count }],
    );
    const plain = found.map(({ samples, confidence, accuracy }) => ({
      samples,
      confidence: confidence ?? 0,
      accuracy: accuracy ?? 0,
    }));
    expect(calibrationError(plain)).toBeCloseTo(expectedCalibrationError(confidence, right), 12);
  });

  it("draws the diagonal, a curve, and a larger dot for the bin of more samples", async () => {
    const svg = await renderPlot(reliabilityDrawing(bins)!.spec);
    expect(svg.match(/stroke-dasharray="4,4"/g)).toHaveLength(1);
    const radii = [...svg.matchAll(/d="M([\d.]+),0A/g)].map(([, radius]) => Number(radius));
    expect(radii).toHaveLength(2);
    expect(radii[1]).toBeGreaterThan(radii[0]!);
  });

  it("is not drawn without a bin that has samples", () => {
    expect(reliabilityDrawing([{ confidence: 0.5, accuracy: 0, samples: 0 }])).toBeNull();
  });
});
