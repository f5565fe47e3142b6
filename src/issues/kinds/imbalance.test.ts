import { describe, expect, it } from "vitest";
import { labeledPart } from "../../../test/support/data-part.js";
import { issueEvidence } from "../part.js";
import { imbalance } from "./imbalance.js";

const find = (classes: readonly string[], labels: readonly number[]) =>
  imbalance.find(issueEvidence(classes, labeledPart(labels)));

describe("class imbalance", () => {
  it("flags all samples of a class under a tenth of an equal share, by the formula", async () => {
    const labels = [...new Array(60).fill(0), ...new Array(39).fill(1), 2, -1];
    const { columns, summary } = await find(["a", "b", "c"], labels);
    const { name, scores, flags } = columns[0]!;
    expect(name).toBe("class_imbalance");
    expect([...flags].flatMap((flag, i) => (flag ? [i] : []))).toEqual([99]);
    expect(scores[99]).toBeCloseTo(2 ** (-(1 / 100) * 30), 5);
    expect(scores[0]).toBeCloseTo(2 ** (-0.6 * 30), 5);
    expect(scores[100]).toBeNaN();
    expect(summary).toBe("1 rare of 3 classes, 1 samples: c (1)");
  });

  it("flags none of equal classes, of a single class, or of a thousand classes", async () => {
    expect((await find(["a", "b"], [0, 1, 0, 1])).summary).toBe("none: classes have 2 to 2 samples");
    expect((await find(["a"], [0, 0])).columns[0]!.flags.includes(1)).toBe(false);
    const many = Array.from({ length: 3000 }, (_, i) => i % 1000);
    expect(
      (
        await find(
          Array.from({ length: 1000 }, (_, i) => `class ${i}`),
          many,
        )
      ).columns[0]!.flags.includes(1),
    ).toBe(false);
  });
});
