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

/** Networks are over- or underconfident, barely trained ones by far: powers of their probabilities. */
const sharpenings = [0.1, 0.2, 0.35, 0.5, 0.7, 1, 1.4, 2, 2.8];
/** The fractions of labels drawn at random, denser near 0. */
const fractions = Array.from({ length: 61 }, (_, k) => 0.9 * (k / 60) ** 2);
const least = 1e-4;
/** Probabilities count as this at least, so that powers keep their order. */
const smallest = 1e-30;

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
  const fits = sharpenings.flatMap((power) =>
    fractions.map((fraction): Fit => ({ power, fraction, likelihood: 0, wrong: 0 })),
  );
  labels.forEach((label, i) => {
    const row = Float64Array.from(probabilities.subarray(i * classes, (i + 1) * classes), (p) => Math.max(p, smallest));
    const own = row[label]!;
    row.sort();
    for (let at = 0; at < fits.length; at += fractions.length) addSample(fits, at, row, own);
  });
  const rateOf = ({ wrong }: Fit) => wrong / Math.max(1, labels.length);
  const best = likeliest(fits);
  const near = fits.filter(({ likelihood }) => likelihood >= best.likelihood - within95).map(rateOf);
  return {
    rate: rateOf(best),
    low: Math.min(...near),
    high: Math.max(...near),
    gain: best.likelihood - likeliest(fits.filter(({ fraction }) => fraction === 0)).likelihood,
  };
}

/** Half of the 95% point of chi-squared with one degree. */
const within95 = 1.92;

/** L(u, a), and the sum of P(wrong). */
interface Fit {
  readonly power: number;
  readonly fraction: number;
  likelihood: number;
  wrong: number;
}

const likeliest = (fits: readonly Fit[]) => fits.reduce((best, fit) => (fit.likelihood > best.likelihood ? fit : best));

/**
 * Adds a sample to the fits of one power, from `start` on: its probabilities, ascending, and that of its label.
 *
 * The floor u / C rises from fit to fit, so that one pass over the row has them all.
 */
function addSample(fits: Fit[], start: number, row: Float64Array, label: number): void {
  const { power } = fits[start]!;
  const classes = row.length;
  const powers = row.map((p) => p ** power);
  const sum = powers.reduce((total, p) => total + p, 0);
  const own = label ** power / sum;
  let [above, below] = [sum, 0];
  for (let at = start; at < start + fractions.length; at++) {
    const fit = fits[at]!;
    const [floor, kept] = [fit.fraction / classes, 1 - fit.fraction];
    while (below < classes && powers[below]! <= sum * (floor + least * kept)) above -= powers[below++]!;
    const total = above / sum - (classes - below) * floor + below * least * kept;
    const clean = Math.max(own - floor, least * kept) / total;
    const labeled = kept * clean + floor;
    fit.likelihood += Math.log(labeled);
    fit.wrong += 1 - (clean * (kept + floor)) / labeled;
  }
}
