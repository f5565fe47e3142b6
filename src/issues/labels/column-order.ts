// Whether given probabilities have their columns in another order than the classes.
import { counted } from "../../format.js";
import { predictions } from "../../metrics/index.js";
import type { GivenProbabilities } from "./label-findings.js";

/** Classes with fewer samples say too little. */
const leastSamples = 5;
/** Pairs that are named. */
const named = 3;

/**
 * A note where most samples of some classes are predicted as another of these, each class another: the columns of the probabilities are
 * then likely in another order than the classes, or most of these labels are wrong.
 */
export function columnOrderNotes({ probabilities, labels, classes }: GivenProbabilities): string[] {
  const pairs = majorities(predictions(probabilities, labels.length, classes.length), labels, classes.length);
  const moved = pairs.filter(({ given, predicted }) => given !== predicted);
  const targets = new Set(moved.map(({ predicted }) => predicted));
  const isPermutation = targets.size === moved.length && moved.every(({ given }) => targets.has(given));
  if (moved.length === 0 || !isPermutation) return [];
  const text = moved.slice(0, named).map(({ given, predicted }) => `${classes[given]} as ${classes[predicted]}`);
  const more = moved.length > named ? ", ..." : "";
  return [
    `most samples of ${counted(moved.length, "class", "classes")} are predicted as another (${text.join(", ")}${more}): check that the columns of the probabilities are in the order of the classes`,
  ];
}

/** Of each class with more than half of its samples predicted as one, that one. */
function majorities(predicted: Int32Array, labels: Int32Array, classes: number) {
  const counts = Array.from({ length: classes }, () => new Int32Array(classes));
  labels.forEach((label, i) => {
    if (label >= 0) counts[label]![predicted[i]!]! += 1;
  });
  return counts.flatMap((row, given) => {
    const total = row.reduce((sum, value) => sum + value, 0);
    const most = Math.max(...row);
    return total >= leastSamples && most > total / 2 ? [{ given, predicted: row.indexOf(most) }] : [];
  });
}
