// Learning rates as functions of the epoch, counted from 0; fractions are positions within an epoch.
import { requireNonNegative, requirePositive } from "../../options/ranges.js";

export type Schedule = (epoch: number) => number;

/** A constant rate. @throws RangeError when `lr` is below 0. */
export function constant({ lr }: { readonly lr: number }): Schedule {
  requireNonNegative("lr", lr);
  return () => lr;
}

/**
 * Cosine annealing from `lr` to zero, where it stays.
 *
 * lr (1 + cos(pi epoch / epochs)) / 2
 *
 * @throws RangeError when `lr` is below 0 or `epochs` not above 0.
 * @see Loshchilov and Hutter 2016 (arXiv 1608.03983), without restarts
 */
export function cosine({ lr, epochs }: { readonly lr: number; readonly epochs: number }): Schedule {
  requireNonNegative("lr", lr);
  requirePositive("epochs", epochs);
  return (epoch) => (lr * (1 + Math.cos((Math.PI * Math.min(epoch, epochs)) / epochs))) / 2;
}

export type StepOptions = { readonly lr: number; readonly factor?: number } & (
  | { readonly every: number }
  | { readonly milestones: readonly number[] }
);

function fallsBy(options: StepOptions): (epoch: number) => number {
  if ("every" in options) {
    const { every } = options;
    requirePositive("every", every);
    return (epoch) => Math.floor(epoch / every);
  }
  const { milestones } = options;
  for (const milestone of milestones) requireNonNegative("milestones", milestone);
  return (epoch) => milestones.filter((milestone) => milestone <= epoch).length;
}

/**
 * A rate that is multiplied by `factor` (default: 0.1) at each of the `milestones`, or every `every` epochs.
 *
 * @throws RangeError for numbers out of range.
 */
export function step(options: StepOptions): Schedule {
  const { lr, factor = 0.1 } = options;
  requireNonNegative("lr", lr);
  requirePositive("factor", factor);
  const falls = fallsBy(options);
  return (epoch) => lr * factor ** falls(epoch);
}

/**
 * Linear warmup of another schedule in the first `epochs`; the schedule's epochs do not shift.
 *
 * schedule(epoch) min(1, epoch / epochs): zero at epoch 0, so set the rate every step, by fractions of an epoch.
 *
 * @throws RangeError unless `epochs` is above 0.
 * @see Goyal et al. 2017 (arXiv 1706.02677)
 */
export function linearWarmup(epochs: number, schedule: Schedule): Schedule {
  requirePositive("epochs", epochs);
  return (epoch) => schedule(epoch) * Math.min(1, epoch / epochs);
}
