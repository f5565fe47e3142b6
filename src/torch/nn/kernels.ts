// The kernels that are requested for convolutional trunks.
import type { RequestedKernels } from "../devices.js";
import { Setting } from "./setting.js";

const requested = new Setting<RequestedKernels>("withKernels", "auto");

/**
 * Runs `body` with convolutional trunks computed by these kernels where possible: each computes in one type, on the CPU.
 * The default is "auto", the best ones.
 * @throws Error when `body` is async.
 */
export function withKernels<T>(kernels: RequestedKernels, body: () => T): T {
  return requested.during(kernels, body);
}

export function requestedKernels(): RequestedKernels {
  return requested.value;
}
