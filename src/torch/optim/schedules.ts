// Learning rates as functions of the epoch, counted from 0; fractions are positions within an epoch.
import { requireNonNegative, requirePositive } from "../../options/ranges.js";

export type Schedule = (epoch: number) => number;

/** A constant rate. @throws RangeError when `lr` is below 0. */
export function constant({ lr }: { readonly lr: number }): Schedule {
  requireNonNegative("lr", lr);
  return () => lr;
}

/**
 * Cosine annealing from `lr` to `minLr` (default: 0), where it stays.
 *
 * minLr + (lr - minLr) (1 + cos(pi epoch / epochs)) / 2
 *
 * @throws RangeError when a rate is below 0 or `epochs` not above 0.
 * @see Loshchilov and Hutter 2016 (arXiv 1608.03983), without restarts
 */
export function cosine({ lr, epochs, minLr = 0 }: CosineOptions): Schedule {
  requireNonNegative("lr", lr);
  requireNonNegative("minLr", minLr);
  requirePositive("epochs", epochs);
  return (epoch) => minLr + ((lr - minLr) * (1 + Math.cos((Math.PI * Math.min(epoch, epochs)) / epochs))) / 2;
}

export interface CosineOptions {
  readonly lr: number;
  readonly epochs: number;
  readonly minLr?: number;
}

/** One-cycle: the fraction of all steps in which the rate rises, and what its first value is divided by. */
const [rising, divisor] = [0.3, 25];

/**
 * The one-cycle policy: along half a cosine from lr / 25 up to `lr` in the first 30% of all steps, and down to `minLr` (default:
 * lr / 250,000) at the last. Counts steps, not epochs.
 *
 * @throws RangeError when a rate is below 0 or `steps` not above 0.
 * @see Smith and Topin 2017 (arXiv 1708.07120); equal to PyTorch's OneCycleLR with its defaults
 */
export function oneCycle({ lr, steps, minLr = lr / divisor / 1e4 }: OneCycleOptions): Schedule {
  requireNonNegative("lr", lr);
  requireNonNegative("minLr", minLr);
  requirePositive("steps", steps);
  const [peak, last] = [rising * steps - 1, steps - 1];
  const between = (from: number, to: number, at: number) =>
    to + ((from - to) * (1 + Math.cos(Math.PI * Math.min(Math.max(at, 0), 1)))) / 2;
  return (step) =>
    step < peak ? between(lr / divisor, lr, step / peak) : between(lr, minLr, (step - peak) / (last - peak));
}

export interface OneCycleOptions {
  readonly lr: number;
  readonly steps: number;
  readonly minLr?: number;
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
