// How far every sample is from the classes: squared Mahalanobis distances of features.
import { setImmediate } from "node:timers/promises";
import { type Features, readableRows } from "../../data/neighbors/index.js";
import { inverseFactor } from "../../metrics/index.js";
import { noGrad, scope, tensor } from "../../torch/index.js";

/** A class with fewer samples has no mean of its own. */
const fewest = 10;

/** Of the mean variance, added to every feature's. */
const ridge = 0.01;

/** Rows in memory at once. */
const blockSize = 4096;

/**
 * (n): min over the classes c of (f - m_c)^T S^-1 (f - m_c), with the classes' means m_c and one covariance S for all of them, to
 * whose diagonal 1% of its mean is added; the distance to the mean of all samples where no class has ten. NaN for rows in `unreadable`.
 *
 * n size (size + classes) multiplications.
 * @see Lee et al. 2018 (arXiv 1807.03888), whose score this is
 */
export async function classDistances(
  features: Features,
  labels: Int32Array,
  unreadable?: Int32Array,
): Promise<Float32Array> {
  const rows = readableRows(labels.length, unreadable);
  const means = meansOf(features, labels, rows);
  const white = inverseFactor(await covarianceOf(features, labels, rows, means), features.size);
  const origin = means.get(-1)!;
  const centers = [...means].filter(([label]) => means.size === 1 || label >= 0).map(([, mean]) => mean);
  const flat = Float32Array.from(centers.flatMap((mean) => Array.from(mean, (value, j) => value - origin[j]!)));
  const nearest = new Float32Array(labels.length).fill(Number.NaN);
  for (let start = 0; start < rows.length; start += blockSize) {
    const some = rows.subarray(start, start + blockSize);
    const found = nearestCenters(
      centered(features, some, () => origin),
      flat,
      white,
      features.size,
    );
    some.forEach((row, i) => {
      nearest[row] = Math.max(0, found[i]!);
    });
    await setImmediate();
  }
  return nearest;
}

/** The mean of every class with samples enough, and under -1 that of all samples. */
function meansOf({ values, size }: Features, labels: Int32Array, rows: Int32Array): Map<number, Float64Array> {
  const sums = new Map<number, { sum: Float64Array; count: number }>();
  const add = (label: number, row: number) => {
    const own = sums.get(label) ?? { sum: new Float64Array(size), count: 0 };
    sums.set(label, own);
    own.count += 1;
    for (let j = 0; j < size; j++) own.sum[j]! += values[row * size + j]!;
  };
  for (const row of rows) {
    add(-1, row);
    if (labels[row]! >= 0) add(labels[row]!, row);
  }
  const large = [...sums].filter(([label, { count }]) => label < 0 || count >= fewest);
  return new Map(large.map(([label, { sum, count }]) => [label, sum.map((value) => value / count)]));
}

/** (size, size): of the samples about their classes' means. */
async function covarianceOf(
  features: Features,
  labels: Int32Array,
  rows: Int32Array,
  means: ReadonlyMap<number, Float64Array>,
): Promise<Float64Array> {
  const { size } = features;
  const total = new Float64Array(size * size);
  for (let start = 0; start < rows.length; start += blockSize) {
    const some = rows.subarray(start, start + blockSize);
    const block = centered(features, some, (row) => means.get(labels[row]!) ?? means.get(-1)!);
    const products = scope(() =>
      noGrad(() => {
        const x = tensor(block, { shape: [some.length, size] });
        return x.transpose(0, 1).matmul(x).data() as Float32Array;
      }),
    );
    products.forEach((value, at) => {
      total[at]! += value / rows.length;
    });
    await setImmediate();
  }
  const trace = Array.from({ length: size }, (_, j) => total[j * size + j]!).reduce((sum, value) => sum + value, 0);
  for (let j = 0; j < size; j++) total[j * size + j]! += Math.max((ridge * trace) / size, 1e-12);
  return total;
}

/** (rows, size): each row less what is its own. */
function centered({ values, size }: Features, rows: Int32Array, meanOf: (row: number) => Float64Array): Float32Array {
  const block = new Float32Array(rows.length * size);
  rows.forEach((row, i) => {
    const mean = meanOf(row);
    for (let j = 0; j < size; j++) block[i * size + j] = values[row * size + j]! - mean[j]!;
  });
  return block;
}

/** (rows): the squared distance to the nearest center, where S^-1 = white^T white. */
function nearestCenters(block: Float32Array, centers: Float32Array, white: Float64Array, size: number): Float32Array {
  return scope(() =>
    noGrad(() => {
      const w = tensor(Float32Array.from(white), { shape: [size, size] }).transpose(0, 1);
      const [x, m] = [block, centers].map((values) =>
        tensor(values, { shape: [values.length / size, size] }).matmul(w),
      );
      const products = x!.matmul(m!.transpose(0, 1));
      const squares = m!
        .square()
        .sum([1])
        .sub(products.mul(2))
        .amin({ dim: [1] });
      return squares.add(x!.square().sum([1])).data() as Float32Array;
    }),
  );
}
