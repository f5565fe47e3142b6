import { describe, expect, it } from "vitest";
import { normalizationOf, pixelRangeOf, pixelsInRange } from "./pixel-range.js";
import type { Samples } from "./types.js";

const shape = [1, 1, 2];
const images = (...values: number[]): Samples => ({
  values: Float32Array.from(values),
  shape,
  labels: new Int32Array(values.length / 2),
});
const bytes: Samples = { values: Uint8Array.of(0, 255), shape, labels: new Int32Array(1) };

describe("the range of pixels", () => {
  it.each([
    ["fractions", images(0, 0.5, 0.9, 1), [0, 1]],
    ["signed fractions", images(-0.3, 1), [-1, 1]],
    ["byte values in floats", images(0, 1, 200, 3), [0, 255]],
    ["normalized values", images(-2.1, 2.6), null],
    ["bytes", bytes, [0, 1]],
  ])("of %s", (_, samples, range) => {
    expect(pixelRangeOf(samples)).toEqual(range);
  });

  it("brings bytes to it by way of the normalization: both orders of scaling agree", () => {
    for (const pixelRange of [
      [0, 255],
      [-1, 1],
      [0, 1],
    ] as const) {
      const [mean, std] = [0.3 * pixelRange[1], 0.2];
      const adjusted = normalizationOf({ mean: [mean], std: [std], pixelRange }, bytes);
      for (const byte of [0, 17, 255]) {
        const [scaled = Number.NaN] = pixelsInRange(Uint8Array.of(byte), pixelRange);
        const direct = (scaled - mean) / std;
        const [adjustedMean = 0, adjustedStd = 0] = [adjusted.mean[0], adjusted.std[0]];
        expect((byte / 255 - adjustedMean) / adjustedStd).toBeCloseTo(direct, 3);
      }
    }
  });

  it("refuses arrays outside of it, and pictures where it is unknown, in one line", () => {
    const statistics = { mean: [0], std: [1] };
    expect(() => normalizationOf(statistics, images(0, 200))).toThrow(
      "received images with pixels from 0 to 200; the model was trained on pixels from 0 to 1: expected that range, or bytes",
    );
    expect(normalizationOf(statistics, images(0, 1.0005))).toEqual(statistics);
    const unknown = { ...statistics, pixelRange: null };
    expect(() => normalizationOf(unknown, bytes)).toThrow("received pictures; the model was trained on arrays whose ");
    expect(normalizationOf(unknown, images(-4, 9))).toEqual(statistics);
  });

  it("is none of features", () => {
    const features: Samples = { values: Float32Array.of(7, -9), shape: [2], labels: new Int32Array(1) };
    expect(normalizationOf({ mean: [1, 2], std: [3, 4] }, features)).toEqual({ mean: [1, 2], std: [3, 4] });
  });
});
