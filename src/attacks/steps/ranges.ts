// What the numbers of attacks may be.
import { InputError } from "../../errors.js";

/** @throws InputError unless the value is a whole number of at least 1. */
export function requireSteps(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new InputError(`${name} is ${value}; expected a whole number of at least 1`);
}

/** @throws InputError unless 0 <= value, and finite. */
export function requireWeight(name: string, value: number): void {
  if (value >= 0 && Number.isFinite(value)) return;
  throw new InputError(`${name} is ${value}; expected a finite number of at least 0`);
}

/** @throws InputError unless 0 <= value <= 1. */
export function requireShare(name: string, value: number): void {
  if (value >= 0 && value <= 1) return;
  throw new InputError(`${name} is ${value}; expected a number from 0 to 1`);
}
