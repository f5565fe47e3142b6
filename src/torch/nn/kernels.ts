// Which kernels convolutional trunks are to be computed by.
import type { KernelsWanted } from "../devices.js";
import { Setting } from "./setting.js";

const wanted = new Setting<KernelsWanted>("withKernels", "auto");

/**
 * Runs `body` with convolutional trunks computed by these kernels, where they can be: each computes in one
 * type, on the CPU. Outside of it the best ones are taken, as by "auto".
 * @throws Error when `body` is async.
 */
export function withKernels<T>(kernels: KernelsWanted, body: () => T): T {
  return wanted.during(kernels, body);
}

export function kernelsWanted(): KernelsWanted {
  return wanted.value;
}
