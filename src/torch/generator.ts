// Random number generators, independent of the device's default one.
import { option } from "../options/names.js";
import { type Handle, native } from "./native.js";

/** The seed. @throws Error unless it is a whole number from 0 to 2^53 - 1. */
export function checkedSeed(seed: number): number {
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new Error(`${option("seed")}: received ${String(seed)}; expected a whole number from 0 to 2^53 - 1`);
}

/** Pass it to random operators as `{ generator }`. */
export class Generator {
  readonly handle: Handle;

  constructor({ seed, device = "cpu" }: { seed: number; device?: string }) {
    this.handle = native.generator(device, checkedSeed(seed));
  }
}
