import { describe, expect, it } from "vitest";
import type { EpochMetrics, RunSummary } from "../../../runs/index.js";
import { demoLesson } from "./demo-text.js";

function run(testAccuracies: readonly number[], figures: Partial<RunSummary>) {
  const metrics = testAccuracies.map((testAccuracy, epoch) => ({ epoch, testAccuracy })) as EpochMetrics[];
  const summary = { trainSize: 5000, labelNoise: 0.36, testAccuracy: testAccuracies.at(-1), ...figures } as RunSummary;
  return { metrics, summary, startEpoch: 4 };
}

const steady = run([0.5, 0.9], { wrongLabelsMemorized: 0.1, recoveredLabels: 0.93 });

describe("demoLesson", () => {
  it("describes the peak, the fall and the difference", () => {
    const text = demoLesson(run([0.5, 0.8, 0.7], { wrongLabelsMemorized: 1 }), steady).join(" ");
    expect(text).toContain("1,800 of the 5,000 labels were wrong");
    expect(text).toContain("memorized 100.0% of the wrong ones");
    expect(text).toContain("was right 80.0% of the time in epoch 1; by the end that fell to 70.0%");
    expect(text).toContain("64.0% were right at the start and 93.0% are now");
    expect(text).toContain("right 90.0% of the time: 20.0 points more");
  });

  it("claims no fall and no gain where there is none", () => {
    const text = demoLesson(run([0.5, 0.96, 0.95], { wrongLabelsMemorized: 0.2 }), steady).join(" ");
    expect(text).not.toContain("fell");
    expect(text).toContain("is right 95.0% of the time");
    expect(text).toContain("5.0 points less");
  });
});
