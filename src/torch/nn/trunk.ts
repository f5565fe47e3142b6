// Convolutional trunks: stated once, computed by packed kernels where possible, else by stock operators.
import { type Kernels, kernelsIn, packedKernels } from "../devices.js";
import type { DType } from "../dtype.js";
import { recording } from "../recorder.js";
import type { Tensor } from "../tensor.js";
import { requestedKernels } from "./kernels.js";
import { Module } from "./module.js";
import { commonMode, type PackedProgram, packProgram, runPacked } from "./packed-program.js";
import { computeTypeFor } from "./precision.js";
import { type End, Maps, type Traceable } from "./program.js";
import { planStock, runStock, type StockProgram } from "./stock-program.js";

/**
 * The kernels of a trunk for this input: this package's where they are requested, the CPU has them for the type that the
 * weights compute in and they support all steps, on float32 images on the CPU (one or more), with float32 weights, all modules in the same
 * mode, and no recorder active.
 */
export function kernelsFor(program: PackedProgram, images: Tensor, packed = packedKernels()): Kernels {
  const type = computeTypeOf(program);
  if (type === null || recording()) return "stock";
  const fitting = kernelsIn(type, packed);
  const requested = requestedKernels();
  const kernels = requested === "auto" ? fitting[0] : fitting.find((name) => name === requested);
  if (kernels === undefined || !program.known || commonMode(program) === null) return "stock";
  return isPlain(images) && images.shape.length === 4 && images.size > 0 ? kernels : "stock";
}

/** The type that all weights compute in, or null where they are none or of several types. */
function computeTypeOf({ parameters }: PackedProgram): DType | null {
  if (!parameters.every(isPlain)) return null;
  const types = new Set(parameters.map(computeTypeFor));
  return types.size === 1 ? ([...types][0] ?? null) : null;
}

const isPlain = (tensor: Tensor) => tensor.dtype === "float32" && tensor.device === "cpu";

/** The part of a network that goes from images to feature maps, `(maps) => maps.convolve(...).norm(...).relu()`. */
export class Trunk {
  readonly #packed: PackedProgram;
  readonly #stock: StockProgram;

  constructor(body: (images: Maps) => Maps, end: End = "mean") {
    const steps = Maps.trace(body, end);
    this.#packed = packProgram(steps);
    this.#stock = planStock(steps);
  }

  /** Images (n, channels, height, width) to features (n, channels), or to feature maps where it ends so. */
  forward(images: Tensor): Tensor {
    const kernels = kernelsFor(this.#packed, images);
    return kernels === "stock" ? runStock(this.#stock, images) : runPacked(this.#packed, images, kernels);
  }
}

/** A block of a trunk: `trace` states its computation on feature maps, and `forward` executes it. */
export abstract class Block extends Module implements Traceable {
  #trunk: Trunk | null = null;

  abstract trace(maps: Maps): Maps;

  override forward(images: Tensor): Tensor {
    this.#trunk ??= new Trunk((maps) => this.trace(maps), "maps");
    return this.#trunk.forward(images);
  }
}
