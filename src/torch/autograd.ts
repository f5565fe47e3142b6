// Derivatives, and the modes that switch their recording.
import type { DType } from "./dtype.js";
import { refuseAsync } from "./lifetime.js";
import { native } from "./native.js";
import { Tensor } from "./tensor.js";

export interface GradOptions {
  /** What the outputs' derivatives are multiplied by; ones for scalars. */
  readonly gradOutputs?: readonly Tensor[];
  readonly retainGraph?: boolean;
  readonly createGraph?: boolean;
}

const listOf = (value: Tensor | readonly Tensor[]): readonly Tensor[] => (value instanceof Tensor ? [value] : value);

/**
 * Derivatives of `outputs` (summed, weighted by `gradOutputs`) by each of `inputs`, in their order; null for an input
 * that does not take part. Leaves `.grad` alone.
 */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  { gradOutputs, retainGraph = false, createGraph = false }: GradOptions = {},
): (Tensor | null)[] {
  const handles = (tensors: readonly Tensor[]) => tensors.map((tensor) => tensor.handle);
  const weights = gradOutputs === undefined ? null : handles(gradOutputs);
  return native
    .grad(handles(listOf(outputs)), handles(listOf(inputs)), weights, retainGraph || createGraph, createGraph)
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

/** Runs `body` without recording derivatives. @throws Error when `body` is async. */
export function noGrad<T>(body: () => T): T {
  return withGrad("noGrad", false, body);
}

/** Runs `body` recording derivatives, also inside `noGrad`. @throws Error when `body` is async. */
export function enableGrad<T>(body: () => T): T {
  return withGrad("enableGrad", true, body);
}

/** Runs `body` under libtorch's own autocast. @throws Error when `body` is async. */
export function autocast<T>(device: "cpu" | "cuda", dtype: DType, body: () => T): T {
  native.setAutocast(device, true, dtype);
  try {
    const result = body();
    refuseAsync("autocast", result);
    return result;
  } finally {
    native.setAutocast(device, false, dtype);
  }
}
