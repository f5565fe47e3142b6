// Noise rates: fractions of the samples, and the number of samples.
import { InputError } from "../../errors.js";

/** Parses a rate. @throws InputError for anything but a number from 0 to 1. */
export function parseRate(text: string): number {
  return checkRate(text.trim() === "" ? Number.NaN : Number(text), text);
}

/**
 * The number of samples at a rate, floor(rate n), of the rate as it is written: 0.29 of 100 is 29, where the product of
 * floats is just below.
 * @throws InputError for a rate outside [0, 1].
 */
export function countAtRate(rate: number, n: number): number {
  return Math.floor(checkRate(rate, String(rate)) * n + 1e-9);
}

function checkRate(rate: number, received: string): number {
  if (rate >= 0 && rate <= 1) return rate;
  throw new InputError(`noise rate "${received}" is out of range; expected a number from 0 to 1`);
}
