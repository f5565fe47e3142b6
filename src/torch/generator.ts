// A stream of random numbers of one's own, apart from the device's default one.
import { type Handle, native } from "./native.js";

/** The seed itself. @throws Error unless it is a whole number from 0 to 2^53 - 1. */
export function checkedSeed(seed: number): number {
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new Error(`a seed is a whole number from 0 to 2^53 - 1, received ${String(seed)}`);
}

/** Pass it to random operators as `{ generator }`. */
export class Generator {
  readonly handle: Handle;

  constructor({ seed, device = "cpu" }: { seed: number; device?: string }) {
    this.handle = native.generator(device, checkedSeed(seed));
  }
}
