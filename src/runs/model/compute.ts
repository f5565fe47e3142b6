// Device, precision and kernels of a run, resolved for this machine.
import {
  chooseDevice,
  chooseKernels,
  choosePrecision,
  type Device,
  type DType,
  type Kernels,
  nn,
} from "../../torch/index.js";
import type { Recipe } from "../recipe/schema.js";

export interface Compute {
  readonly device: Device;
  /** The element type of weights, targets and samples. */
  readonly dtype: DType;
  readonly kernels: Kernels;
  /** Runs the network in the recipe's precision with these kernels (with `auto`, stock kernels for networks too narrow to vectorize). */
  readonly compute: <T>(body: () => T) => T;
}

/** @throws InputError for a requested device or kernels that this machine does not have. */
export function chooseCompute(recipe: Pick<Recipe, "device" | "precision" | "kernels">): Compute {
  const device = chooseDevice(recipe.device);
  const precision = choosePrecision(recipe.precision, device, recipe.kernels);
  const kernels = chooseKernels(recipe.kernels, device, precision);
  return {
    device,
    dtype: precision === "float64" ? "float64" : "float32",
    kernels,
    compute: (body) => nn.withKernels(recipe.kernels, () => nn.withPrecision(precision, body)),
  };
}
