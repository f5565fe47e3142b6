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
  it("describes the peak, the drop and the difference", () => {
    const text = demoLesson(run([0.5, 0.8, 0.7], { wrongLabelsMemorized: 1 }), steady).join(" ");
    expect(text).toContain("1,800 of the 5,000 training labels were wrong");
    expect(text).toContain("memorized 100.0% of the wrong ones");
    expect(text).toContain("Its accuracy on new images peaked at 80.0% in epoch 1 and fell to 70.0% by the end");
    expect(text).toContain("64.0% were correct at the start, 93.0% are correct now");
    expect(text).toContain("accuracy on new images is 90.0%: 20.0 points higher");
  });

  it("claims no drop and no gain where there is none", () => {
    const text = demoLesson(run([0.5, 0.96, 0.95], { wrongLabelsMemorized: 0.2 }), steady).join(" ");
    expect(text).not.toContain("fell");
    expect(text).toContain("accuracy on new images is 95.0%");
    expect(text).toContain("5.0 points lower");
  });
});
