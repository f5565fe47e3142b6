// How many labels are wrong, without knowing which: wrong and right ones make two heaps of margins, if there are both.

/** Two normal distributions of one width. */
interface TwoHeaps {
  /** The share of values in the lower heap. */
  readonly share: number;
  readonly low: number;
  readonly high: number;
  readonly variance: number;
}

const mostRounds = 1000;

/** In deviations: heaps nearer to each other are one heap, which chance can part by a little over one. */
const leastSeparation = 1.3;

/**
 * The estimated share of wrong labels: the weight of the lower of two normal distributions of equal width that are fitted
 * to the margins, one a sample, and no more than the share of negative margins; 0 where their means are less than 1.3
 * deviations apart, or do not lie on either side of 0: a margin says right or wrong by its sign, and the margins of clean
 * data are one skewed heap above it.
 *
 * Of equal width, because one that may grow wide covers the tails of both heaps and says nothing of their sizes.
 * @see Arazo et al. 2019 (arXiv 1904.11238), who fit two distributions to the losses of right and wrong labels
 */
export function estimateWrongShare(margins: Float64Array): number {
  const { share, low, high, variance } = fitTwoHeaps(margins);
  const apart = high - low > leastSeparation * Math.sqrt(variance) && low < 0 && high > 0;
  const negative = margins.reduce((count, margin) => count + Number(margin < 0), 0) / margins.length;
  return apart ? Math.min(share, negative) : 0;
}

/** Expectation maximization, from heaps about the lower and the upper fifth of the values. */
function fitTwoHeaps(values: Float64Array): TwoHeaps {
  const sorted = values.toSorted();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  let heaps: TwoHeaps = { share: 0.5, low: at(0.2), high: at(0.8), variance: varianceOf(values) / 4 };
  for (let round = 0; round < mostRounds && heaps.variance > 0; round++) {
    const next = improve(heaps, values);
    const change = Math.abs(next.share - heaps.share);
    heaps = next;
    if (change < 1e-7) break;
  }
  return heaps;
}

function improve({ share, low, high, variance }: TwoHeaps, values: Float64Array): TwoHeaps {
  const n = values.length;
  const odds = Math.log((1 - share) / share);
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
  return { share: inLow / n, low: newLow, high: newHigh, variance: Math.max(0, within) };
}

function varianceOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}
