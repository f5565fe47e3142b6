// Temperature scaling: corrects over- or underconfidence by one number, without changing any prediction.
import { columnsOf, type Labels, type Logits } from "../arrays.js";
import { highestOf } from "../softmax.js";
import { mapLabeled } from "./negative-log-likelihood.js";

/** The range that is searched; a temperature at a bound means that the optimum is beyond it. */
export const temperatureBounds = { lowest: 0.05, highest: 20 } as const;

/** Halvings of the bracket, 6 wide in log T: to the last digits of a double. */
const HALVINGS = 52;

/**
 * Temperature scaling: the T of softmax(z / T) that minimizes the mean negative log-likelihood of held-out labels.
 *
 * With b = 1/T, the likelihood's slope d/db = mean_i( sum_j p_ij z_ij - z_i,y_i ) rises with b, since the likelihood is
 * convex in b: its zero is found by bisecting [lowest, highest] in log T, and there is no other minimum.
 * Where there is no zero inside, the nearer bound is returned: `lowest` where all predictions are correct (T would go to
 * 0), `highest` where the logits are worse than uninformative (T would go to infinity). Where T makes no difference,
 * because each row is constant, it is 1.
 *
 * logits (n, columns), the classes first; labels (n).
 * @throws RangeError as `negativeLogLikelihood` does.
 * @see Guo et al. 2017, section 4.2 (arXiv 1706.04599)
 */
export function fitTemperature(logits: Logits, labels: Labels, classes = columnsOf(logits, labels.length)): number {
  if (mapLabeled(logits, labels, classes, 1, spread).every((width) => width === 0)) return 1;
  const { lowest, highest } = temperatureBounds;
  if (slope(logits, labels, classes, lowest) <= 0) return lowest;
  if (slope(logits, labels, classes, highest) >= 0) return highest;
  let [low, high] = [Math.log(lowest), Math.log(highest)];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (slope(logits, labels, classes, Math.exp(middle)) > 0) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

/** The range of a row's logits. */
function spread(row: Logits): number {
  return highestOf(row) + highestOf(row.map((value) => -value));
}

/** The sum over samples of sum_j p_j z_j - z_y at a temperature; positive where a higher one is better. */
function slope(logits: Logits, labels: Labels, classes: number, temperature: number): number {
  return mapLabeled(logits, labels, classes, temperature, (row, label) => {
    const highest = highestOf(row);
    let [total, below] = [0, 0];
    for (const value of row) {
      const weight = Math.exp((value - highest) / temperature);
      total += weight;
      below += weight * (value - highest);
    }
    return below / total + highest - row[label]!;
  }).reduce((sum, one) => sum + one, 0);
}
