// Label quality: how well predicted probabilities support the given labels.
import { checkedColumns, type Labels, type Probabilities } from "../arrays.js";

/**
 * The probability of each given label, p_i,y_i: low for suspected label errors.
 *
 * probabilities (n, classes), labels (n) -> (n) within [0, 1].
 * @throws RangeError on a label that is no class.
 * @see Northcutt et al. 2021, section 3.2 (arXiv 1911.00068)
 */
export function selfConfidence(probabilities: Probabilities, labels: Labels): Float64Array {
  const classes = checkedColumns(probabilities, labels);
  return Float64Array.from(labels, (label, i) => probabilities[i * classes + label]!);
}

/**
 * The margin of the given label over the best other class, mapped to [0, 1]: below 1/2 another class is more probable.
 *
 * (p_i,y_i - max_{j != y_i} p_ij + 1) / 2
 *
 * probabilities (n, classes), labels (n) -> (n).
 * @throws RangeError on a label that is no class, and on a single class.
 * @see Northcutt et al. 2021, section 3.2 (arXiv 1911.00068); the mapping is cleanlab's
 */
export function normalizedMargin(probabilities: Probabilities, labels: Labels): Float64Array {
  const classes = checkedColumns(probabilities, labels);
  if (classes < 2) throw new RangeError("a margin of 1 class: expected two or more");
  return Float64Array.from(labels, (label, i) => {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    return (row[label]! - bestOther(row, label) + 1) / 2;
  });
}

function bestOther(row: Probabilities, label: number): number {
  let best = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < row.length; j++) if (j !== label && row[j]! > best) best = row[j]!;
  return best;
}
