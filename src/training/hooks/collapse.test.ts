import { describe, expect, it } from "vitest";
import { countCollapse } from "./collapse.js";

const epoch = (embeddingDeviation: number, effectiveRank: number) => ({
  epoch: 4,
  lr: 0.1,
  trainLoss: 0.1,
  seconds: 1,
  imagesPerSecond: 1,
  evenDeviation: 0.1,
  embeddingDeviation,
  effectiveRank,
});
const watch = (before: number, deviation: number, rank: number) =>
  countCollapse(before, epoch(deviation, rank), "byol");

describe("the watch for collapse", () => {
  it("says nothing of an embedding that deviates and uses its dimensions, and forgets a bad epoch", () => {
    expect(watch(0, 0.02, 1.5)).toEqual({ epochs: 0, note: null });
    expect(watch(1, 0.09, 40)).toEqual({ epochs: 0, note: null });
  });

  it.each([
    ["a deviation under a fifth of the even one", 0.019, 40],
    ["one dimension in use", 0.09, 1.4],
  ])("warns of %s at its second epoch running, once", (_, deviation, rank) => {
    expect(watch(0, deviation, rank)).toEqual({ epochs: 1, note: null });
    expect(watch(1, deviation, rank).note).toMatch(
      /^epoch 4: the embedding is collapsing .* a higher `encoderMomentum`/,
    );
    expect(watch(2, deviation, rank)).toEqual({ epochs: 3, note: null });
  });

  it("passes over epochs that were not evaluated", () => {
    const { embeddingDeviation, ...blind } = epoch(0.01, 1);
    expect(embeddingDeviation).toBe(0.01);
    expect(countCollapse(1, blind, "byol")).toEqual({ epochs: 1, note: null });
  });
});
