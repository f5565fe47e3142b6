// The momentum of self-adaptive targets from the number of epochs in which they can move.

/** The fraction of the epochs left in which a target moves half of the way. */
const halfLife = 0.1;

/**
 * The momentum with which targets move half of the way in a tenth of the epochs left, and 99.9% of it by the end:
 * m = 2^(-1 / h), h = epochs / 10 visits. It gives 0.93 for 100 epochs and 0.71 for 20.
 * @param epochs the epochs left, counted as 1 at least
 */
export const momentumForEpochs = (epochs: number): number => 2 ** (-1 / (halfLife * Math.max(epochs, 1)));
