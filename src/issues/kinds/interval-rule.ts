// The classifier "class y where a value is within an interval", and how much it knows of samples that it was not chosen on.

const mostBins = 20;
const folds = 5;

/** Labeled values in bins of about as many samples each; equal values share a bin. */
export interface BinnedValues {
  /** The samples that have a value and a label. */
  readonly rows: Int32Array;
  /** Of each of these. */
  readonly bins: Uint8Array;
  readonly labels: Int32Array;
  /** The least and the largest value of each bin. */
  readonly ranges: readonly (readonly [low: number, high: number])[];
}

/** Of the rows with a value, in at most 20 bins. */
export function binValues(values: Float64Array, labels: Int32Array, some: Int32Array): BinnedValues {
  const rows = some.filter((i) => !Number.isNaN(values[i]!));
  const order = Int32Array.from(rows.keys()).sort((a, b) => values[rows[a]!]! - values[rows[b]!]!);
  const bins = new Uint8Array(rows.length);
  const ranges: [number, number][] = [];
  let last = -1;
  order.forEach((row, rank) => {
    const value = values[rows[row]!]!;
    const quantile = Math.floor((mostBins * rank) / rows.length);
    const range = ranges.at(-1);
    if (range === undefined || (quantile > last && value > range[1])) {
      ranges.push([value, value]);
      last = quantile;
    } else range[1] = value;
    bins[row] = ranges.length - 1;
  });
  return { rows, bins, labels: rows.map((i) => labels[i]!), ranges };
}

/** The bins `from` to `to`, both included. */
export interface BinInterval {
  readonly from: number;
  readonly to: number;
}

/** The interval with the largest sum (Kadane's algorithm); the first of equals. */
export function bestInterval(values: Float64Array): BinInterval {
  let best = { from: 0, to: 0, sum: Number.NEGATIVE_INFINITY };
  let [from, sum] = [0, 0];
  for (let to = 0; to < values.length; to++) {
    if (sum < 0) [from, sum] = [to, 0];
    sum += values[to]!;
    if (sum > best.sum) best = { from, to, sum };
  }
  return { from: best.from, to: best.to };
}

/** Samples by label and bin. */
interface Counts {
  readonly bins: number;
  /** (classes, bins). */
  readonly ofLabelAndBin: Float64Array;
  readonly ofBin: Float64Array;
  readonly ofLabel: Float64Array;
  total: number;
}

const noCounts = (classes: number, bins: number): Counts => ({
  bins,
  ofLabelAndBin: new Float64Array(classes * bins),
  ofBin: new Float64Array(bins),
  ofLabel: new Float64Array(classes),
  total: 0,
});

function addTo(counts: Counts, label: number, bin: number): void {
  counts.ofLabelAndBin[label * counts.bins + bin]! += 1;
  counts.ofBin[bin]! += 1;
  counts.ofLabel[label]! += 1;
  counts.total += 1;
}

/**
 * The largest P(within | y) - P(within | another class) of an interval for each class y, (classes), five-fold cross-validated; folds
 * take turns within a class. 0 for classes of fewer than `fewest` samples, and where there is no other.
 */
export function crossValidatedAdvantages(
  { bins, ranges }: Pick<BinnedValues, "bins" | "ranges">,
  labels: Int32Array,
  classes: number,
  fewest: number,
): Float64Array {
  const parts = Array.from({ length: folds }, () => noCounts(classes, ranges.length));
  const all = noCounts(classes, ranges.length);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!;
    addTo(parts[all.ofLabel[label]! % folds]!, label, bins[row]!);
    addTo(all, label, bins[row]!);
  }
  const differences = new Float64Array(ranges.length);
  return all.ofLabel.map((samples, label) => {
    if (samples < fewest || samples === all.total) return 0;
    return parts.reduce((sum, part) => sum + advantageOf(all, part, label, differences), 0);
  });
}

/** What a part of the samples contributes to the advantage of the interval that is best on the others. */
function advantageOf(all: Counts, part: Counts, label: number, differences: Float64Array): number {
  setDifferences(differences, all, part, label);
  const { from, to } = bestInterval(differences);
  const [own, others] = [all.ofLabel[label]!, all.total - all.ofLabel[label]!];
  let sum = 0;
  for (let bin = from; bin <= to; bin++) {
    const hits = part.ofLabelAndBin[label * all.bins + bin]!;
    sum += hits / own - (part.ofBin[bin]! - hits) / others;
  }
  return sum;
}

/** Of each bin P(bin | label) - P(bin | another label) on all samples but a part. */
function setDifferences(differences: Float64Array, all: Counts, left: Counts, label: number): void {
  const own = Math.max(1, all.ofLabel[label]! - left.ofLabel[label]!);
  const others = Math.max(1, all.total - left.total - own);
  for (let bin = 0; bin < all.bins; bin++) {
    const at = label * all.bins + bin;
    const hits = all.ofLabelAndBin[at]! - left.ofLabelAndBin[at]!;
    differences[bin] = hits / own - (all.ofBin[bin]! - left.ofBin[bin]! - hits) / others;
  }
}

/** The best interval for a class on all samples. */
export function intervalFor({ bins, ranges, labels }: BinnedValues, label: number, classes: number): BinInterval {
  const all = noCounts(classes, ranges.length);
  labels.forEach((given, row) => {
    addTo(all, given, bins[row]!);
  });
  const differences = new Float64Array(ranges.length);
  setDifferences(differences, all, noCounts(classes, ranges.length), label);
  return bestInterval(differences);
}
