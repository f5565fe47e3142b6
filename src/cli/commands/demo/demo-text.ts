// Explains the demo's two runs, with their figures.
import { percent } from "../../../format.js";
import type { RunRecord } from "../../../reports/index.js";

/** The smallest drop in test accuracy that is mentioned. */
const NOTABLE_DROP = 0.02;

type Run = Pick<RunRecord, "metrics" | "summary">;

const test = ({ summary }: Run) => summary.testAccuracy ?? 0;

/** The number of wrong labels, and how both methods dealt with them. */
export function demoLesson(crossEntropy: Run, selfAdaptive: Run & { readonly startEpoch: number }): string[] {
  const { trainSize, labelNoise } = crossEntropy.summary;
  const wrong = Math.round((labelNoise ?? 0) * trainSize);
  return [
    `${wrong.toLocaleString("en-US")} of the ${trainSize.toLocaleString("en-US")} training labels were wrong; the networks were not told which.`,
    "",
    `Cross entropy memorized ${percent(crossEntropy.summary.wrongLabelsMemorized)} of the wrong ones.`,
    `Its accuracy on new images ${course(crossEntropy)}.`,
    "",
    ...selfAdaptiveLines(selfAdaptive, test(crossEntropy)),
  ];
}

/** The course of test accuracy. */
function course(run: Run): string {
  const accuracies = run.metrics.map(({ testAccuracy }) => testAccuracy ?? 0);
  const peak = Math.max(...accuracies);
  return peak - test(run) > NOTABLE_DROP
    ? `peaked at ${percent(peak)} in epoch ${accuracies.indexOf(peak)} and fell to ${percent(test(run))} by the end`
    : `is ${percent(test(run))}`;
}

function selfAdaptiveLines(run: Run & { readonly startEpoch: number }, other: number): string[] {
  const { labelNoise, wrongLabelsMemorized, recoveredLabels } = run.summary;
  const before = percent(1 - (labelNoise ?? 0));
  return [
    `Self-adaptive training memorized ${percent(wrongLabelsMemorized)} of them: from epoch ${run.startEpoch} on, its predictions corrected`,
    `the labels: ${before} were correct at the start, ${percent(recoveredLabels)} are correct now.`,
    `Its accuracy on new images is ${percent(test(run))}: ${difference(test(run) - other)}.`,
  ];
}

function difference(gain: number): string {
  const size = Math.abs(100 * gain).toFixed(1);
  return `${size} points ${gain < 0 ? "lower" : "higher"}, from the same labels`;
}
