// Gradients, and the modes that switch their recording.
import { refuseAsync } from "./lifetime.js";
import { type Handle, native } from "./native.js";
import { Tensor } from "./tensor.js";

export interface GradOptions {
  /** The vectors of the vector-Jacobian product, one an output; ones for scalars. */
  readonly gradOutputs?: readonly Tensor[];
  readonly retainGraph?: boolean;
  readonly createGraph?: boolean;
}

function handlesOf(name: string, value: Tensor | readonly Tensor[]): Handle[] {
  return [value].flat().map((tensor: unknown) => {
    if (tensor instanceof Tensor) return tensor.handle;
    throw new TypeError(`grad: ${name}: expected tensors, received ${tensor === null ? "null" : typeof tensor}`);
  });
}

/**
 * Gradients of `outputs` (summed, weighted by `gradOutputs`) with respect to each of `inputs`, in their order; null for an
 * input that is not used. Does not touch `.grad`.
 */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  { gradOutputs, retainGraph = false, createGraph = false }: GradOptions = {},
): (Tensor | null)[] {
  const weights = gradOutputs === undefined ? null : handlesOf("gradOutputs", gradOutputs);
  const [from, by] = [handlesOf("outputs", outputs), handlesOf("inputs", inputs)];
  return native
    .grad(from, by, weights, retainGraph || createGraph, createGraph)
    .map((gradient) => (gradient === null ? null : new Tensor(gradient)));
}

function withGrad<T>(name: string, enabled: boolean, body: () => T): T {
  const before = native.gradEnabled();
  native.setGradEnabled(enabled);
  try {
    const result = body();
    refuseAsync(name, result);
    return result;
  } finally {
    native.setGradEnabled(before);
  }
}

/** Runs `body` without recording gradients. @throws Error when `body` is async. */
export function noGrad<T>(body: () => T): T {
  return withGrad("noGrad", false, body);
}

/** Runs `body` recording gradients, also inside `noGrad`. @throws Error when `body` is async. */
export function enableGrad<T>(body: () => T): T {
  return withGrad("enableGrad", true, body);
}

/** Runs `body` under libtorch's autocast, in bfloat16 or float16. @throws Error when `body` is async. */
export function autocast<T>(device: "cpu" | "cuda", dtype: "bfloat16" | "float16", body: () => T): T {
  const before = native.setAutocast(device, true, dtype);
  try {
    const result = body();
    refuseAsync("autocast", result);
    return result;
  } finally {
    native.setAutocast(device, before.enabled, before.dtype);
  }
}
