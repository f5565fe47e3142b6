// What the demo's two runs have to teach, in plain words with their own figures.
import type { RunRecord } from "../reports/index.js";
import { percent } from "./output.js";

/** How far test accuracy falls before it is called a fall. */
const NOTABLE_FALL = 0.02;

type Run = Pick<RunRecord, "metrics" | "summary">;

const share = (value: number | null | undefined) => percent(value, 1);
const test = ({ summary }: Run) => summary.testAccuracy ?? 0;

/** Two paragraphs of a line or more: what cross entropy made of the wrong labels, and what self-adaptive training did. */
export function demoLesson(crossEntropy: Run, selfAdaptive: Run & { readonly startEpoch: number }): string[] {
  return [...crossEntropyLines(crossEntropy), "", ...selfAdaptiveLines(selfAdaptive, test(crossEntropy))];
}

function crossEntropyLines(run: Run): string[] {
  const { trainSize, labelNoise, wrongLabelsMemorised } = run.summary;
  const wrong = Math.round((labelNoise ?? 0) * trainSize);
  return [
    `${wrong.toLocaleString("en-US")} of the ${trainSize.toLocaleString("en-US")} labels were wrong, and nobody said which.`,
    `Cross entropy learnt ${share(wrongLabelsMemorised)} of the wrong ones by heart. On new drawings it`,
    course(run),
  ];
}

/** How test accuracy went, after "On new drawings it". */
function course(run: Run): string {
  const accuracies = run.metrics.map(({ testAccuracy }) => testAccuracy ?? 0);
  const peak = Math.max(...accuracies);
  return peak - test(run) > NOTABLE_FALL
    ? `had been right ${share(peak)} of the time in epoch ${accuracies.indexOf(peak)}; that fell to ${share(test(run))}.`
    : `is right ${share(test(run))} of the time.`;
}

function selfAdaptiveLines(run: Run & { readonly startEpoch: number }, other: number): string[] {
  const { labelNoise, wrongLabelsMemorised, recoveredLabels } = run.summary;
  return [
    `Self-adaptive training let its own predictions correct the labels from epoch ${run.startEpoch} on. It learnt`,
    `${share(wrongLabelsMemorised)} of the wrong ones; its labels, ${share(1 - (labelNoise ?? 0))} right at the start, are now ${share(recoveredLabels)} right.`,
    `On new drawings it is right ${share(test(run))} of the time: ${difference(test(run) - other)}.`,
  ];
}

function difference(gain: number): string {
  const size = Math.abs(100 * gain).toFixed(1);
  return `${size} points ${gain < 0 ? "less" : "more"}, from the same drawings and the same labels`;
}
