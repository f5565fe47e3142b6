import { describe, expect, it } from "vitest";
import { featurePart } from "../../../test/support/data-part.js";
import { randomFrom } from "../../data/index.js";
import { issueEvidence } from "../part.js";
import { order } from "./order.js";

const size = 6;

/** Two classes one after the other; within them, runs of samples that drift like the frames of a video, or none. */
function sortedData(run: number, seed: number) {
  const random = randomFrom(seed, "order test");
  const drawn = () => Array.from({ length: size }, () => random.normal());
  let scene = drawn();
  const rows = Array.from({ length: 200 }, (_, i) => {
    if (i % run === 0) scene = drawn();
    return scene.map((value, j) => value + 0.2 * random.normal() + (j === 0 && i >= 100 ? 6 : 0));
  });
  return featurePart(
    rows,
    rows.map((_, i) => Number(i >= 100)),
  );
}

const find = (part: ReturnType<typeof sortedData>) => order.find(issueEvidence(["a", "b"], part));

describe("order", () => {
  it("is found where neighbors follow each other, and flags them", async () => {
    const { columns, summary } = await find(sortedData(2, 1));
    expect(summary).toMatch(
      /^neighbors are near in the order of the data \(mean gap 0\.\d\d of a class, p = 0\.025\)$/,
    );
    const frames = await find(sortedData(20, 1));
    expect(frames.summary).toContain("p = 0.025");
    expect(columns[0]!.scores.every((score) => score >= 0 && score <= 1)).toBe(true);
  });

  it("is not found in 20 drawings of independent samples, sorted by class, but for one", async () => {
    const found = await Promise.all(Array.from({ length: 20 }, (_, seed) => find(sortedData(1, seed))));
    expect(found.filter(({ summary }) => summary.startsWith("neighbors")).length).toBeLessThanOrEqual(1);
    expect(found.filter(({ summary }) => summary.startsWith("no dependence")).length).toBeGreaterThanOrEqual(19);
  });

  it("is nothing among a few samples, or without labels", async () => {
    const few = featurePart(
      [
        [1, 2],
        [2, 1],
        [0, 0],
      ],
      [0, 1, 2],
    );
    expect((await order.find(issueEvidence(["a", "b", "c"], few))).columns[0]!.flags.includes(1)).toBe(false);
    const unlabeled = { ...sortedData(20, 3), labels: new Int32Array(200).fill(-1) };
    expect((await find(unlabeled)).summary).toContain("p = 0.025");
  });
});
