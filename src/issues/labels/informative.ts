// How informative the predictions of each epoch are about label errors.

/**
 * The weight of an epoch e, counted from 1: (e d^2)^2, with d the fraction of its samples whose prediction was not the given label.
 *
 * A network separates wrong labels better the longer it trains, until it memorizes them; then it predicts the given labels and
 * is uninformative. Both show in d, whatever the noise: it falls to the fraction of wrong labels, and to 0 when these are
 * memorized too. Measured in docs/label-issues.md.
 */
export function epochWeight(epoch: number, disagreement: number): number {
  return (epoch * disagreement ** 2) ** 2;
}

/** The weight of the final network: that of half as many epochs as there were, all like the last. */
export function finalWeight(epochs: number, disagreement: number): number {
  return (epochs / 2) * epochWeight(epochs, disagreement);
}
