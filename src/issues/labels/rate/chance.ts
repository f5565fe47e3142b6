// Whether predictions say more about the labels than chance does.
import { predictions } from "../../../metrics/index.js";

/** Predictions compared with labels drawn regardless of the sample. */
export interface ChanceTest {
  /** Why the noise rate is unknown: the predictions are hardly better than chance, or all labels are of one class; else null. */
  readonly unknown: "near chance" | "one class" | null;
  /** What the noise rate is at most: labels drawn at random are wrong this often, or as often as predictions disagree with them. */
  readonly atMost: number;
}

/** The least agreement beyond chance that says something about labels, as a fraction of what is possible. */
const leastKappa = 0.1;

/**
 * Agreement beyond chance is Cohen's kappa:
 *
 *     kappa = (a - c) / (1 - c),    c = sum_j q_j r_j
 *
 * a: the fraction of predictions that are the label; q_j, r_j: the fractions predicted and labeled j. Near chance is below 0.1 or below
 * 1.96 sqrt(c / (1 - c) / n), what chance reaches in 2.5% of data sets of n samples; so are labels and predictions of one and the same
 * class (c = 1), whose agreement says nothing.
 *
 * probabilities (n, classes), labels (n).
 * @see Cohen 1960, A coefficient of agreement for nominal scales
 */
export function againstChance(probabilities: Float32Array, labels: Int32Array, classes: number): ChanceTest {
  const predicted = predictions(probabilities, labels.length, classes);
  const [q, r] = [frequencies(predicted, classes), frequencies(labels, classes)];
  const agreement = labels.reduce((sum, label, i) => sum + Number(predicted[i] === label), 0) / labels.length;
  const expected = r.reduce((sum, value, j) => sum + value * q[j]!, 0);
  // A sum of fractions may miss 1 by rounding.
  const possible = 1 - expected;
  const kappa = possible < 1e-9 ? 0 : (agreement - expected) / possible;
  const byChance = 1.96 * Math.sqrt(expected / Math.max(possible, 1e-9) / labels.length);
  const randomly = 1 - r.reduce((sum, value) => sum + value ** 2, 0);
  // Where all labels are of one class, all may be wrong, and no agreement says otherwise.
  if (randomly < 1e-9) return { unknown: "one class", atMost: 1 };
  const isNear = kappa < Math.max(leastKappa, byChance);
  return { unknown: isNear ? "near chance" : null, atMost: Math.max(randomly, 1 - agreement) };
}

function frequencies(classNumbers: Int32Array, classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (const j of classNumbers) counts[j]! += 1 / classNumbers.length;
  return counts;
}
