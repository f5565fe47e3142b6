// How many labels are wrong, without knowing which: right and wrong ones make two heaps of margins, if there are both.

interface Heap {
  readonly weight: number;
  readonly mean: number;
  readonly deviation: number;
}

type TwoHeaps = readonly [low: Heap, high: Heap];

const mostRounds = 500;

/** Heaps nearer to each other than this are one. Measured: runs on noisy labels lie above 1.7, on clean ones below 1. */
const leastSeparation = 1.5;

/**
 * The estimated share of wrong labels: the weight of the lower of two normal distributions fitted to the margins, one a
 * sample; 0 where the two are not apart, |m_1 - m_2| / sqrt((s_1^2 + s_2^2) / 2) < 1.5.
 *
 * A network that answers few samples right has no such heaps to show: the estimate then errs towards 0.
 * @see Arazo et al. 2019 (arXiv 1904.11238) for mixtures fitted to losses; Ashman et al. 1994 for the separation
 */
export function estimateWrongShare(margins: Float64Array): number {
  const all = describe(margins, () => 1);
  if (margins.length < 2 || all.deviation === 0) return 0;
  const [low, high] = fitTwoHeaps(margins, all);
  const separation = Math.abs(high.mean - low.mean) / Math.sqrt((low.deviation ** 2 + high.deviation ** 2) / 2);
  return separation < leastSeparation ? 0 : low.weight;
}

/** Expectation maximisation, from heaps about the lower and the upper fifth; the heap of the lower mean comes first. */
function fitTwoHeaps(values: Float64Array, all: Heap): TwoHeaps {
  const sorted = values.toSorted();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  const start = (mean: number): Heap => ({ weight: 0.5, mean, deviation: all.deviation / 2 });
  const least = all.deviation / 1000;
  let heaps: TwoHeaps = [start(at(0.2)), start(at(0.8))];
  for (let round = 0; round < mostRounds; round++) {
    const ofLow = values.map((value) => 1 / (1 + Math.exp(logDensity(heaps[1], value) - logDensity(heaps[0], value))));
    const next: TwoHeaps = [describe(values, (i) => ofLow[i]!, least), describe(values, (i) => 1 - ofLow[i]!, least)];
    const change = Math.abs(next[0].weight - heaps[0].weight);
    heaps = next;
    if (change < 1e-6) break;
  }
  const [low, high] = heaps;
  return low.mean <= high.mean ? [low, high] : [high, low];
}

function logDensity({ weight, mean, deviation }: Heap, value: number): number {
  return Math.log(weight / deviation) - ((value - mean) / deviation) ** 2 / 2;
}

/** Weight, mean and deviation of values that belong to a heap to a degree each. */
function describe(values: Float64Array, degree: (i: number) => number, least = 0): Heap {
  let [total, sum] = [0, 0];
  values.forEach((value, i) => {
    total += degree(i);
    sum += degree(i) * value;
  });
  const mean = total === 0 ? 0 : sum / total;
  let square = 0;
  values.forEach((value, i) => {
    square += degree(i) * (value - mean) ** 2;
  });
  return {
    weight: total / values.length,
    mean,
    deviation: Math.max(least, Math.sqrt(total === 0 ? 0 : square / total)),
  };
}
