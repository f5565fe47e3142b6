// Range checks of single numbers, for functions whose options have no schema.
import { option } from "./names.js";

/** @throws RangeError unless value >= 0, and finite. */
export function requireNonNegative(name: string, value: number): void {
  if (!(value >= 0 && Number.isFinite(value))) refuse(name, value, "a number of at least 0");
}

/** @throws RangeError unless value > 0, and finite. */
export function requirePositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) refuse(name, value, "a number above 0");
}

/** @throws RangeError unless 0 <= value <= 1. */
export function requireFraction(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) refuse(name, value, "a number from 0 to 1");
}

/** @throws RangeError unless 0 < value < 1. */
export function requireProbability(name: string, value: number): void {
  if (!(value > 0 && value < 1)) refuse(name, value, "a number above 0 and below 1");
}

/** For averaging factors, which at 1 never take in a new value. @throws RangeError unless 0 <= value < 1. */
export function requireDecay(name: string, value: number): void {
  if (!(value >= 0 && value < 1)) refuse(name, value, "a number of at least 0 and below 1");
}

/** @throws RangeError unless value is a whole number of at least `least`. */
export function requireCount(name: string, value: number, least = 1): void {
  if (!(Number.isInteger(value) && value >= least)) refuse(name, value, `a whole number of at least ${least}`);
}

function refuse(name: string, value: unknown, expected: string): never {
  throw new RangeError(`${option(name)}: received ${String(value)}; expected ${expected}`);
}
