// How many labels are wrong, by the likelihood of labels under out-of-sample predictions: uniform noise tells itself from a network's errors.

/** A noise rate with its 95% interval, of the samples at hand, and how much likelier it makes their labels than no noise, in nats. */
export interface UniformNoise {
  readonly rate: number;
  readonly low: number;
  readonly high: number;
  readonly gain: number;
}

/**
 * Without noise the gain exceeds this in 1% of data sets: the likelihood ratio of a parameter at its bound, half of whose distribution
 * is 0 and half chi-squared with one degree (98% below 5.4 = 2 * 2.7).
 */
export const leastGain = 2.7;

/** Networks are over- or underconfident: powers of their probabilities. */
const sharpenings = [0.7, 1, 1.4, 2, 2.8];
/** The fractions of labels drawn at random, denser near 0. */
const fractions = Float64Array.from({ length: 61 }, (_, k) => 0.9 * (k / 60) ** 2);
const least = 1e-4;

/**
 * Labels y_i are thought of as drawn from m_i = (1 - u) c_i + u / C: a fraction u of them at random from all C classes, the others from
 * the true classes' probabilities c_i. The network was trained on such labels, so that its predictions estimate m_i, not c_i:
 *
 * m_i ~ p_i^a / sum_j p_ij^a,  c_i = max(m_i - u / C, 0.0001 (1 - u)), normalized,  L(u, a) = sum_i log m_i,y_i with that c_i.
 *
 * A network that errs is unsure, and prefers some classes to others; random labels are wrong no matter how sure it is, and of any
 * class. So L falls with u where only the network errs. The rate is the mean of P(label i is wrong) = 1 - c_iy (1 - u + u / C) / m_iy
 * at the highest likelihood; its interval is that of the rates whose likelihood is at most 1.92 lower.
 *
 * probabilities (n, classes) for samples not trained on, labels (n).
 * @see Patrini et al. 2017 (arXiv 1609.03683) for the loss correction by which m_i and c_i are related
 */
export function uniformNoise(probabilities: Float32Array, labels: Int32Array, classes: number): UniformNoise {
  const fits = sharpenings.flatMap((power) => {
    const predicted = sharpen(probabilities, classes, power);
    return Array.from(fractions, (fraction) => fitOf(predicted, labels, classes, fraction));
  });
  const best = likeliest(fits);
  const near = fits.filter(({ likelihood }) => likelihood >= best.likelihood - within95).map(({ rate }) => rate);
  return {
    rate: best.rate,
    low: Math.min(...near),
    high: Math.max(...near),
    gain: best.likelihood - likeliest(fits.filter(({ fraction }) => fraction === 0)).likelihood,
  };
}

/** Half of the 95% point of chi-squared with one degree. */
const within95 = 1.92;

interface Fit {
  readonly fraction: number;
  readonly likelihood: number;
  readonly rate: number;
}

const likeliest = (fits: readonly Fit[]) => fits.reduce((best, fit) => (fit.likelihood > best.likelihood ? fit : best));

/** p^power, normalized by row. */
function sharpen(probabilities: Float32Array, classes: number, power: number): Float32Array {
  const rows = probabilities.map((p) => Math.max(p, 1e-6) ** power);
  for (let start = 0; start < rows.length; start += classes) {
    const row = rows.subarray(start, start + classes);
    const total = row.reduce((sum, value) => sum + value, 0);
    row.forEach((value, j) => {
      row[j] = value / total;
    });
  }
  return rows;
}

function fitOf(predicted: Float32Array, labels: Int32Array, classes: number, fraction: number): Fit {
  const [floor, kept] = [fraction / classes, 1 - fraction];
  let [likelihood, right] = [0, 0];
  labels.forEach((label, i) => {
    let total = 0;
    for (let j = i * classes; j < (i + 1) * classes; j++) total += Math.max(predicted[j]! - floor, least * kept);
    const clean = Math.max(predicted[i * classes + label]! - floor, least * kept) / total;
    const labeled = kept * clean + floor;
    likelihood += Math.log(labeled);
    right += (clean * (kept + floor)) / labeled;
  });
  return { fraction, likelihood, rate: labels.length === 0 ? 0 : 1 - right / labels.length };
}
