// The Brier score of predicted probabilities.
import type { Labels, Logits } from "../arrays.js";
import { highestOf, sumExp } from "../softmax.js";
import { mapLabeled } from "./negative-log-likelihood.js";

/**
 * Brier score: the squared distance of the probabilities from the one-hot label, summed over classes; 0 to 2.
 *
 * mean_i sum_j (p_ij - [j = y_i])^2, p = softmax(logits / temperature) over the first `classes` columns (default:
 * all). This is Brier's original form; for two classes it is twice the form with a single class. To score probabilities,
 * pass their logarithms.
 *
 * logits (n, columns), labels (n).
 * @throws RangeError as `negativeLogLikelihood` does.
 * @see Brier 1950, "Verification of forecasts expressed in terms of probability" (Monthly Weather Review 78)
 */
export function brierScore(logits: Logits, labels: Labels, classes?: number, temperature = 1): number {
  const each = brierScores(logits, labels, classes, temperature);
  return each.reduce((sum, one) => sum + one, 0) / each.length;
}

/** The Brier score of each sample, (n, columns), (n) -> (n); as `brierScore`. */
export function brierScores(logits: Logits, labels: Labels, classes?: number, temperature = 1): Float64Array {
  return mapLabeled(logits, labels, classes, temperature, (row, label) => {
    const highest = highestOf(row);
    const total = sumExp(row, highest, temperature);
    let distance = 0;
    for (let j = 0; j < row.length; j++) {
      const probability = Math.exp((row[j]! - highest) / temperature) / total;
      distance += (probability - Number(j === label)) ** 2;
    }
    return distance;
  });
}
