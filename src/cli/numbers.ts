// Numbers given as flags, read or refused in one line.
import { InputError } from "../errors.js";

/** Reads a flag's whole number. The reader throws `InputError` for anything but one from `least` to `most`. */
export function wholeNumber(flag: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (text.trim() !== "" && Number.isInteger(number) && number >= least && number <= most) return number;
    throw new InputError(`${flag}: received "${text}"; expected a whole number from ${least} to ${most}`);
  };
}

/** Reads a flag's number. The reader throws `InputError` for anything but one from `least` to `most`. */
export function finiteNumber(
  flag: string,
  least = -Number.MAX_VALUE,
  most = Number.MAX_VALUE,
): (text: string) => number {
  const range = least === -Number.MAX_VALUE ? "" : ` from ${least} to ${most}`;
  return (text) => {
    const number = Number(text);
    if (text.trim() !== "" && number >= least && number <= most) return number;
    throw new InputError(`${flag}: received "${text}"; expected a number${range}`);
  };
}
