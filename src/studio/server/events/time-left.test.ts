import { expect, it } from "vitest";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { secondsLeft } from "./time-left.js";

const folder = temporaryFolder();
const size = { epochs: 10, trainSize: 1000, batchSize: 100 };
const step = (epoch: number, at: number) => JSON.stringify({ epoch, step: at, loss: 1, imagesPerSecond: 100 });

it("the time left is that of the epochs and steps to come, at the last epoch's rate", () => {
  expect(secondsLeft(folder("begun"), size)).toBeNull();
  expect(secondsLeft(folder("first", { "steps.jsonl": `${step(0, 4)}\n` }), size)).toBeCloseTo(95, 9);
  const metrics = `${JSON.stringify({ epoch: 3, imagesPerSecond: 200 })}\n`;
  expect(
    secondsLeft(folder("between", { "metrics.jsonl": metrics, "steps.jsonl": `${step(3, 9)}\n` }), size),
  ).toBeCloseTo(30, 9);
  expect(
    secondsLeft(folder("within", { "metrics.jsonl": metrics, "steps.jsonl": `${step(4, 4)}\n` }), size),
  ).toBeCloseTo(27.5, 9);
});
