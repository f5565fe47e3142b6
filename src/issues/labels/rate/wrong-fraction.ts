// How many labels are wrong, without knowing which: the weight of the lower component of a two-component mixture of margins.

/** Two normal distributions of one width. */
interface Mixture {
  /** The weight of the lower component. */
  readonly weight: number;
  readonly low: number;
  readonly high: number;
  readonly variance: number;
}

const mostRounds = 1000;

/** In standard deviations: closer components are one, which chance can split by a little over one. */
const leastSeparation = 1.3;

/**
 * The estimated fraction of wrong labels: the weight of the lower of two normal distributions of equal width that are fitted
 * to the margins, one a sample, and no more than the fraction of negative margins; 0 where their means are less than 1.3
 * deviations apart, or do not lie on either side of 0: a margin says right or wrong by its sign, and the margins of clean
 * data are one skewed component above it.
 *
 * Of equal width, because a component that may grow wide covers the tails of both, and its weight means nothing.
 * @see Arazo et al. 2019 (arXiv 1904.11238), who fit two distributions to the losses of right and wrong labels
 */
export function estimateWrongFraction(margins: Float64Array): number {
  const { weight, low, high, variance } = fitMixture(margins);
  const apart = high - low > leastSeparation * Math.sqrt(variance) && low < 0 && high > 0;
  const negative = margins.reduce((count, margin) => count + Number(margin < 0), 0) / margins.length;
  return apart ? Math.min(weight, negative) : 0;
}

/** Expectation maximization, from components about the lower and the upper fifth of the values. */
function fitMixture(values: Float64Array): Mixture {
  const sorted = values.toSorted();
  const at = (weight: number) => sorted[Math.round(weight * (sorted.length - 1))]!;
  let mixture: Mixture = { weight: 0.5, low: at(0.2), high: at(0.8), variance: varianceOf(values) / 4 };
  for (let round = 0; round < mostRounds && mixture.variance > 0; round++) {
    const next = improve(mixture, values);
    const change = Math.abs(next.weight - mixture.weight);
    mixture = next;
    if (change < 1e-7) break;
  }
  return mixture;
}

function improve({ weight, low, high, variance }: Mixture, values: Float64Array): Mixture {
  const n = values.length;
  const odds = Math.log((1 - weight) / weight);
  let [inLow, sumLow, sumHigh, squares] = [0, 0, 0, 0];
  for (const value of values) {
    const ahead = ((value - low) ** 2 - (value - high) ** 2) / (2 * variance);
    const degree = 1 / (1 + Math.exp(odds + ahead));
    inLow += degree;
    sumLow += degree * value;
    sumHigh += (1 - degree) * value;
    squares += value ** 2;
  }
  const [newLow, newHigh] = [sumLow / inLow, sumHigh / (n - inLow)];
  const within = (squares - inLow * newLow ** 2 - (n - inLow) * newHigh ** 2) / n;
  return { weight: inLow / n, low: newLow, high: newHigh, variance: Math.max(0, within) };
}

function varianceOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}
