// What the demo's two runs have to teach, in plain words with their own figures.
import type { RunRecord } from "../../../reports/index.js";
import { percent } from "../../shared/output.js";

/** How far test accuracy falls before it is called a fall. */
const NOTABLE_FALL = 0.02;

type Run = Pick<RunRecord, "metrics" | "summary">;

const share = (value: number | null | undefined) => percent(value, 1);
const test = ({ summary }: Run) => summary.testAccuracy ?? 0;

/** A sentence a line: how many labels were wrong, what cross entropy made of them, what self-adaptive training did. */
export function demoLesson(crossEntropy: Run, selfAdaptive: Run & { readonly startEpoch: number }): string[] {
  const { trainSize, labelNoise } = crossEntropy.summary;
  const wrong = Math.round((labelNoise ?? 0) * trainSize);
  return [
    `${wrong.toLocaleString("en-US")} of the ${trainSize.toLocaleString("en-US")} labels were wrong, and nobody said which.`,
    "",
    `Cross entropy learnt ${share(crossEntropy.summary.wrongLabelsMemorized)} of the wrong ones by heart.`,
    `On new drawings it ${course(crossEntropy)}.`,
    "",
    ...selfAdaptiveLines(selfAdaptive, test(crossEntropy)),
  ];
}

/** How test accuracy went. */
function course(run: Run): string {
  const accuracies = run.metrics.map(({ testAccuracy }) => testAccuracy ?? 0);
  const peak = Math.max(...accuracies);
  return peak - test(run) > NOTABLE_FALL
    ? `was right ${share(peak)} of the time in epoch ${accuracies.indexOf(peak)}; by the end that fell to ${share(test(run))}`
    : `is right ${share(test(run))} of the time`;
}

function selfAdaptiveLines(run: Run & { readonly startEpoch: number }, other: number): string[] {
  const { labelNoise, wrongLabelsMemorized, recoveredLabels } = run.summary;
  const before = share(1 - (labelNoise ?? 0));
  return [
    `Self-adaptive training learnt ${share(wrongLabelsMemorized)} of them: from epoch ${run.startEpoch} on its own predictions corrected the`,
    `labels, of which ${before} were right at the start and ${share(recoveredLabels)} are now.`,
    `On new drawings it is right ${share(test(run))} of the time: ${difference(test(run) - other)}.`,
  ];
}

function difference(gain: number): string {
  const size = Math.abs(100 * gain).toFixed(1);
  return `${size} points ${gain < 0 ? "less" : "more"}, from the same labels`;
}
