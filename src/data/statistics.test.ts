import { describe, expect, it } from "vitest";
import { channelStatistics } from "./statistics.js";

describe("channelStatistics", () => {
  it("gives each channel of uint8 images its mean and deviation in [0, 1]", () => {
    const values = Uint8Array.of(0, 255, 255, 255, 255, 0, 255, 255);
    const { mean, std } = channelStatistics({ values, shape: [2, 1, 2], labels: Int32Array.of(0, 1) });
    expect(mean).toEqual([0.5, 1]);
    expect(std).toEqual([0.5, 1]);
  });

  it("gives each feature of float arrays its own, exact far from zero", () => {
    const values = Float32Array.of(1e4, -1, 1e4 + 1, 3, 1e4 + 2, 1);
    const { mean, std } = channelStatistics({ values, shape: [2], labels: new Int32Array(3) });
    expect(mean).toEqual([10_001, 1]);
    expect(std[0]).toBeCloseTo(Math.sqrt(2 / 3), 12);
    expect(std[1]).toBeCloseTo(Math.sqrt(8 / 3), 12);
  });
});
