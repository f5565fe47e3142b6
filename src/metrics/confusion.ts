// Which classes the network confuses.
import { checkLabel, type Labels } from "./arrays.js";

/**
 * The number of samples of each label with each prediction, [label][prediction].
 *
 * predictions (n), labels (n).
 * @throws RangeError on lengths that differ, and on values that are no class.
 */
export function confusionMatrix(predictions: Labels, labels: Labels, classes: number): number[][] {
  if (predictions.length !== labels.length) {
    throw new RangeError(`${predictions.length} predictions for ${labels.length} labels: expected one for each`);
  }
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) {
    checkLabel(labels[i]!, i, classes);
    checkLabel(predictions[i]!, i, classes, "prediction");
    counts[labels[i]!]![predictions[i]!]! += 1;
  }
  return counts;
}

/** The fraction of each class's samples that are predicted correctly, null for a class without any; as `confusionMatrix`. */
export function perClassAccuracy(predictions: Labels, labels: Labels, classes: number): (number | null)[] {
  return confusionMatrix(predictions, labels, classes).map((row, label) => {
    const samples = row.reduce((sum, count) => sum + count, 0);
    return samples === 0 ? null : row[label]! / samples;
  });
}
