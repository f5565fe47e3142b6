// A stream of random numbers of one's own, apart from the device's default one.
import { type Handle, native } from "./native.js";

/** Pass it to random operators as `{ generator }`. */
export class Generator {
  readonly handle: Handle;

  constructor({ seed, device = "cpu" }: { seed: number; device?: string }) {
    this.handle = native.generator(device, seed);
  }
}
