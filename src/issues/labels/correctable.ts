// Which labels to correct: those more likely wrong than right, within what is estimated for their class.
import type { ClassHealth, LabelIssue } from "../findings.js";

/** The least P(wrong) that is acted upon unless another is given. */
export const leastWrong = 0.5;

/**
 * The issues of P(wrong) of at least `least`, the likeliest first, and of each class no more than are estimated to be wrong:
 * round(labelErrorRate samples).
 */
export function correctable(
  issues: readonly LabelIssue[],
  classes: readonly ClassHealth[],
  least = leastWrong,
): LabelIssue[] {
  const left = new Map(
    classes.map(({ name, samples, labelErrorRate }) => [name, Math.round(samples * labelErrorRate)]),
  );
  const likely = issues.filter(({ pWrong }) => pWrong >= least).sort((a, b) => b.pWrong - a.pWrong);
  return likely.filter(({ given }) => {
    const rest = left.get(given) ?? 0;
    left.set(given, rest - 1);
    return rest > 0;
  });
}
