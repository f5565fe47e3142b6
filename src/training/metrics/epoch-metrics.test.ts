import { expect, it } from "vitest";
import type { EpochMetrics } from "../../runs/files/epoch-metrics.js";
import { betterOf } from "./epoch-metrics.js";

it("the best epoch is the first of the most accurate on the validation part", () => {
  const line = (epoch: number, validationAccuracy?: number): EpochMetrics => ({
    epoch,
    lr: 0.1,
    trainLoss: 1,
    trainAccuracy: 0.5,
    testAccuracy: epoch / 10,
    ...(validationAccuracy !== undefined && { validationAccuracy }),
    seconds: 1,
    imagesPerSecond: 1,
  });
  const lines = [line(0), line(1, 0.5), line(2, 0.7), line(3), line(4, 0.7), line(5, 0.6)];
  const bests = lines.map((_, i) => lines.slice(0, i + 1).reduce(betterOf, null));
  expect(bests.map((best) => best?.epoch)).toEqual([undefined, 1, 2, 2, 2, 2]);
  expect(bests.at(-1)).toEqual({ epoch: 2, validationAccuracy: 0.7, testAccuracy: 0.2 });
});
