// The computation of a convolutional trunk as a list of steps, independent of what executes them.
import type { Tensor } from "../tensor.js";
import type { Module } from "./module.js";

/** What a trunk needs of `Conv2d`. */
export interface Convolution extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor | null;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly groups: number;
}

/** What a trunk needs of `BatchNorm2d`. */
export interface ChannelNorm extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly runningMean: Tensor;
  readonly runningVar: Tensor;
  readonly batchesTracked: Tensor;
  readonly eps: number;
  readonly momentum: number;
}

/** What a trunk needs of `MaxPool2d`. */
export interface MaxPool extends Module {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
}

/** What a trunk needs of `Dropout2d`. */
export interface ChannelDropout extends Module {
  readonly p: number;
}

/** How a trunk ends: with each channel's mean over the pixels, (n, channels), or with the feature maps. */
export type End = "mean" | "maps";

/** One operation, `from` earlier values by their numbers: 0 is the images, i + 1 the result of step i. */
export type Step =
  | { readonly kind: "convolve"; readonly from: readonly [number]; readonly module: Convolution }
  | { readonly kind: "norm"; readonly from: readonly [number]; readonly module: ChannelNorm }
  | { readonly kind: "relu"; readonly from: readonly [number] }
  | { readonly kind: "add"; readonly from: readonly [number, number] }
  | { readonly kind: "maxPool"; readonly from: readonly [number]; readonly module: MaxPool }
  | { readonly kind: "dropout"; readonly from: readonly [number]; readonly module: ChannelDropout }
  | { readonly kind: End; readonly from: readonly [number] };

/** A module that can state its computation on feature maps. */
export interface Traceable {
  trace(maps: Maps): Maps;
}

/** Symbolic feature maps, (n, channels, height, width): operations on them are recorded as steps. */
export class Maps {
  readonly #steps: Step[];
  readonly #number: number;

  private constructor(steps: Step[], number: number) {
    this.#steps = steps;
    this.#number = number;
  }

  /** The steps from the images to the end. */
  static trace(body: (images: Maps) => Maps, end: End): readonly Step[] {
    const steps: Step[] = [];
    const maps = body(new Maps(steps, 0));
    maps.#then({ kind: end, from: [maps.#number] });
    return steps;
  }

  convolve(module: Convolution): Maps {
    return this.#then({ kind: "convolve", from: [this.#number], module });
  }

  norm(module: ChannelNorm): Maps {
    return this.#then({ kind: "norm", from: [this.#number], module });
  }

  relu(): Maps {
    return this.#then({ kind: "relu", from: [this.#number] });
  }

  /** @throws Error for maps of another trunk. */
  add(other: Maps): Maps {
    if (other.#steps !== this.#steps) throw new Error("only feature maps of the same trunk can be added to each other");
    return this.#then({ kind: "add", from: [this.#number, other.#number] });
  }

  maxPool(module: MaxPool): Maps {
    return this.#then({ kind: "maxPool", from: [this.#number], module });
  }

  dropout(module: ChannelDropout): Maps {
    return this.#then({ kind: "dropout", from: [this.#number], module });
  }

  /** These feature maps passed through a layer or block. @throws Error for a module without `trace`. */
  through(module: Module & Partial<Traceable>): Maps {
    if (module.trace !== undefined) return module.trace(this);
    throw new Error(`a trunk cannot go through ${module.constructor.name}, which has no trace(maps)`);
  }

  #then(step: Step): Maps {
    this.#steps.push(step);
    return new Maps(this.#steps, this.#steps.length);
  }
}
