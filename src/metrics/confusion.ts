// Which classes the network answers for which.
import { checkLabel, type Labels } from "./arrays.js";

/**
 * How many samples of each class got each answer, [label][answer].
 *
 * answers (n), labels (n). Throws a RangeError on lengths that differ, and on what is no class.
 */
export function confusionMatrix(answers: Labels, labels: Labels, classes: number): number[][] {
  if (answers.length !== labels.length) {
    throw new RangeError(`${answers.length} answers for ${labels.length} labels: expected one for each`);
  }
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) {
    checkLabel(labels[i]!, i, classes);
    checkLabel(answers[i]!, i, classes, "answer");
    counts[labels[i]!]![answers[i]!]! += 1;
  }
  return counts;
}

/** The share of each class's samples that are answered right, null for a class without any; as `confusionMatrix`. */
export function perClassAccuracy(answers: Labels, labels: Labels, classes: number): (number | null)[] {
  return confusionMatrix(answers, labels, classes).map((row, label) => {
    const samples = row.reduce((sum, count) => sum + count, 0);
    return samples === 0 ? null : row[label]! / samples;
  });
}
