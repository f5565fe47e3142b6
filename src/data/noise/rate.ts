// Rates of noise: shares of the samples, and how many samples they come to.
import { InputError } from "../../errors.js";

/** Reads a rate. Throws `InputError` on what is no number from 0 to 1. */
export function parseRate(text: string): number {
  return checkRate(text.trim() === "" ? Number.NaN : Number(text), text);
}

/**
 * How many of n samples a rate comes to, floor(rate n), of the rate as it is written: 0.29 of 100 is 29, where the
 * product of floats is just below.
 *
 * Throws `InputError` on a rate outside [0, 1].
 */
export function wholeShare(rate: number, n: number): number {
  return Math.floor(checkRate(rate, String(rate)) * n + 1e-9);
}

function checkRate(rate: number, received: string): number {
  if (rate >= 0 && rate <= 1) return rate;
  throw new InputError(`noise rate "${received}" is out of range; expected a number from 0 to 1`);
}
