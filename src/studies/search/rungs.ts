// Successive halving: how many trials train for how many epochs, and which go on.

/** A stage of a search: its trials are trained to so many epochs each. */
export interface Rung {
  readonly epochs: number;
  readonly trials: number;
}

export interface HalvingOptions {
  readonly trials: number;
  /** The full number of epochs, that of the last rung. */
  readonly epochs: number;
  /** One of `eta` trials goes on, to `eta` times as many epochs. */
  readonly eta: number;
  /** Epochs of the first rung (default: such that one trial or a few are left for the last one). */
  readonly minEpochs?: number | undefined;
}

/**
 * The rungs from the last to the first: r_k = epochs / eta^(K - k) and n_k = trials / eta^k, rounded down, at least 1.
 * @see Jamieson and Talwalkar 2016, arXiv 1502.07943
 */
export function rungsOf({ trials, epochs, eta, minEpochs }: HalvingOptions): Rung[] {
  const least = minEpochs ?? 1;
  const rungs: number[] = [epochs];
  const most = minEpochs === undefined ? 1 + logarithm(trials, eta) : Number.POSITIVE_INFINITY;
  while (rungs.length < most && Math.floor(rungs[0]! / eta) >= least) rungs.unshift(Math.floor(rungs[0]! / eta));
  return rungs.map((each, k) => ({ epochs: each, trials: Math.max(1, Math.floor(trials / eta ** k)) }));
}

/** How often `trials` can be divided by `eta` with one left, in whole numbers. */
function logarithm(trials: number, eta: number): number {
  let times = 0;
  for (let left = trials; left >= eta; left /= eta) times++;
  return times;
}

/** The best of the trials, so many; of equals the earlier ones. Those without a score, which failed, do not go on. */
export function survivors<Trial>(
  trials: readonly Trial[],
  scoreOf: (trial: Trial) => number | null,
  count: number,
): Trial[] {
  const scored = trials.filter((trial) => scoreOf(trial) !== null);
  return scored.toSorted((a, b) => (scoreOf(b) as number) - (scoreOf(a) as number)).slice(0, count);
}
