// Confident learning: which class is labeled as which, estimated from predicted probabilities.
import { checkedColumns, type Labels, type Probabilities } from "../arrays.js";

/** Square, (classes, classes): one row per class. */
export type Matrix = readonly (readonly number[])[];

/**
 * The confident joint: the estimated number of samples labeled i whose true class is j, [given i][true j].
 *
 * t_j = mean of p_j over the samples labeled j;  C_ij = #{ x labeled i : j = argmax_{l : p_l(x) >= t_l} p_l(x) };
 * row i is then scaled to the number of samples labeled i
 *
 * Samples above no threshold are not counted. A row without counted samples (equal probabilities, their mean rounded up)
 * keeps all its samples on the diagonal; a class without labeled samples has no threshold, and no sample is counted for it.
 * Of equal probabilities the first wins.
 *
 * probabilities (n, classes), labels (n).
 * @throws RangeError on a label that is no class.
 * @see Northcutt et al. 2021, equations 1 to 3 (arXiv 1911.00068)
 */
export function confidentJoint(probabilities: Probabilities, labels: Labels): number[][] {
  const classes = checkedColumns(probabilities, labels);
  const thresholds = classThresholds(probabilities, labels, classes);
  const counts = square(classes);
  const given = new Array<number>(classes).fill(0);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    given[label]! += 1;
    const confident = confidentClass(probabilities.subarray(i * classes, (i + 1) * classes), thresholds);
    if (confident >= 0) counts[label]![confident]! += 1;
  }
  return counts.map((row, i) => {
    const counted = total(row);
    return counted === 0 ? unitRow(classes, i, given[i]!) : row.map((count) => (count * given[i]!) / counted);
  });
}

/** The two ways to read a joint of labels; every row sums to 1. */
export interface NoiseMatrices {
  /** P(given = j | true = i), [true i][given j]: how the labels were corrupted. */
  readonly givenOfTrue: number[][];
  /** P(true = i | given = j), [given j][true i]: how reliable a label is. */
  readonly trueOfGiven: number[][];
}

/**
 * The noise matrices of a joint [given][true], such as `confidentJoint` gives: its columns and its rows, each over its sum.
 *
 * The row of a class without samples is that of the identity.
 * @see Northcutt et al. 2021, section 2 (arXiv 1911.00068)
 */
export function noiseMatrix(joint: Matrix): NoiseMatrices {
  const transposed = joint.map((_, i) => joint.map((row) => row[i]!));
  return { givenOfTrue: normalizedRows(transposed), trueOfGiven: normalizedRows(joint) };
}

/** The estimated errors of one class; fractions are null where there are no samples. */
export interface ClassErrors {
  /** Samples given this label, and the estimated number of them that are of another class. */
  readonly labeled: number;
  readonly wrong: number;
  /** wrong / labeled: 1 - P(true = i | given = i). */
  readonly wrongFraction: number | null;
  /** The fraction of the class's true members that are labeled as another: 1 - P(given = i | true = i). */
  readonly missedFraction: number | null;
}

/** The estimated errors of each class by a joint [given][true] of counts, such as `confidentJoint` gives. */
export function classErrors(joint: Matrix): ClassErrors[] {
  return joint.map((row, i) => {
    const column = joint.map((other) => other[i]!);
    const [labeled, members] = [total(row), total(column)];
    const [wrong, missed] = [totalBut(row, i), totalBut(column, i)];
    return {
      labeled,
      wrong,
      wrongFraction: labeled === 0 ? null : wrong / labeled,
      missedFraction: members === 0 ? null : missed / members,
    };
  });
}

/**
 * The estimated fraction of wrong labels: the off-diagonal part of a joint [given][true] of counts.
 *
 * @throws RangeError on a joint of no samples.
 */
export function estimatedErrorRate(joint: Matrix): number {
  const all = total(joint.map(total));
  if (all === 0) throw new RangeError("a joint of no samples: expected at least one");
  return total(joint.map(totalBut)) / all;
}

/** t_j; infinite for a class without labeled samples. */
function classThresholds(probabilities: Probabilities, labels: Labels, classes: number): Float64Array {
  const sums = new Float64Array(classes);
  const counts = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    sums[label]! += probabilities[i * classes + label]!;
    counts[label]! += 1;
  }
  return sums.map((sum, j) => (counts[j] === 0 ? Number.POSITIVE_INFINITY : sum / counts[j]!));
}

function confidentClass(row: Probabilities, thresholds: Float64Array): number {
  let best = -1;
  for (let j = 0; j < row.length; j++) {
    if (row[j]! >= thresholds[j]! && (best < 0 || row[j]! > row[best]!)) best = j;
  }
  return best;
}

function normalizedRows(matrix: Matrix): number[][] {
  return matrix.map((row, i) => {
    const sum = total(row);
    return sum === 0 ? unitRow(row.length, i, 1) : row.map((value) => value / sum);
  });
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

const totalBut = (values: readonly number[], left: number) => total(values.filter((_, j) => j !== left));

const unitRow = (size: number, at: number, value: number) =>
  Array.from({ length: size }, (_, j) => (j === at ? value : 0));

const square = (size: number) => Array.from({ length: size }, () => new Array<number>(size).fill(0));
