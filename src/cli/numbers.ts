// Numbers as flags give them.
import { InputError } from "../errors.js";

/** @throws InputError for what is no number. */
export function numberOf(flag: string, text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new InputError(`${flag}: received "${text}"; expected a number`);
}

/** As `numberOf`, of 0, 1, 2, ... @throws InputError for anything else. */
export function wholeNumberOf(flag: string, text: string): number {
  const value = numberOf(flag, text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new InputError(`${flag}: received "${text}"; expected a whole number of at least 0`);
}
