// Numbers given as flags, read or refused in one line.
import { InputError } from "../../errors.js";

/** Reads a flag's whole number. The reader throws `InputError` for anything but one from `least` to `most`. */
export function wholeNumber(flag: string, least: number, most = Number.MAX_SAFE_INTEGER) {
  const expected = `a whole number${range(least, most, Number.MAX_SAFE_INTEGER)}`;
  return readerOf(flag, expected, (number) => Number.isInteger(number) && number >= least && number <= most);
}

/** Reads a flag's number, or fraction such as `8/255`. The reader throws `InputError` for anything but one of at least `least`. */
export function fraction(flag: string, least: number): (text: string) => number {
  return (text) => {
    const [above = Number.NaN, below = 1, ...more] = text
      .split("/")
      .map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
    const number = above / below;
    if (more.length === 0 && number >= least && number < Infinity) return number;
    throw new InputError(
      `${flag}: received "${text}"; expected a number of at least ${least}, or a fraction such as 8/255`,
    );
  };
}

function readerOf(flag: string, expected: string, accepts: (number: number) => boolean): (text: string) => number {
  return (text) => {
    const number = text.trim() === "" ? Number.NaN : Number(text);
    if (accepts(number)) return number;
    throw new InputError(`${flag}: received "${text}"; expected ${expected}`);
  };
}

function range(least: number, most: number, unbounded: number): string {
  if (most !== unbounded) return ` from ${least} to ${most}`;
  return least === -unbounded ? "" : ` of at least ${least}`;
}
