// How much each view of the samples says of their labels.

/**
 * The weight of an epoch e, counted from 1: (e d^2)^2, with d the share of its samples whose answer was not the given label.
 *
 * A network tells wrong labels the better the longer it has learnt, until it knows them by heart; then it answers what it was
 * given, and tells nothing. Both show in d, whatever the noise: it falls as far as the labels are right, and to 0 when wrong
 * ones are learnt too. Measured in docs/label-issues.md.
 */
export function epochWeight(epoch: number, disagreement: number): number {
  return (epoch * disagreement ** 2) ** 2;
}

/** The weight of what the network believes in the end: that of half as many epochs as there were, all like the last. */
export function finalWeight(epochs: number, disagreement: number): number {
  return (epochs / 2) * epochWeight(epochs, disagreement);
}
