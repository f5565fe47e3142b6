// What a convolutional trunk computes, written down once as a list of steps, whoever carries them out.
import type { BatchNorm2d } from "./batch-norm.js";
import type { Conv2d } from "./layers.js";
import type { Module } from "./module.js";
import type { Dropout2d, MaxPool2d } from "./simple.js";

/** How a trunk ends: with each channel's mean over the pixels, (n, channels), or with the maps themselves. */
export type End = "mean" | "maps";

/** One operation, `from` earlier values by their numbers: 0 is the images, i + 1 what step i makes. */
export type Step =
  | { readonly kind: "convolve"; readonly from: readonly [number]; readonly module: Conv2d }
  | { readonly kind: "norm"; readonly from: readonly [number]; readonly module: BatchNorm2d }
  | { readonly kind: "relu"; readonly from: readonly [number] }
  | { readonly kind: "add"; readonly from: readonly [number, number] }
  | { readonly kind: "maxPool"; readonly from: readonly [number]; readonly module: MaxPool2d }
  | { readonly kind: "dropout"; readonly from: readonly [number]; readonly module: Dropout2d }
  | { readonly kind: End; readonly from: readonly [number] };

/** A module that can say what it does to feature maps. */
export interface Traceable {
  trace(maps: Maps): Maps;
}

/** Feature maps not yet computed, (n, channels, height, width): what is asked of them is written down. */
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

  convolve(module: Conv2d): Maps {
    return this.#then({ kind: "convolve", from: [this.#number], module });
  }

  norm(module: BatchNorm2d): Maps {
    return this.#then({ kind: "norm", from: [this.#number], module });
  }

  relu(): Maps {
    return this.#then({ kind: "relu", from: [this.#number] });
  }

  /** @throws Error for maps of another trunk. */
  add(other: Maps): Maps {
    if (other.#steps !== this.#steps) throw new Error("only maps of the same trunk can be added to each other");
    return this.#then({ kind: "add", from: [this.#number, other.#number] });
  }

  maxPool(module: MaxPool2d): Maps {
    return this.#then({ kind: "maxPool", from: [this.#number], module });
  }

  dropout(module: Dropout2d): Maps {
    return this.#then({ kind: "dropout", from: [this.#number], module });
  }

  /** What a layer or block makes of these maps. @throws Error for a module that is not one of feature maps. */
  through(module: Module & Partial<Traceable>): Maps {
    if (module.trace !== undefined) return module.trace(this);
    throw new Error(`a trunk cannot go through ${module.constructor.name}, which has no trace(maps)`);
  }

  #then(step: Step): Maps {
    this.#steps.push(step);
    return new Maps(this.#steps, this.#steps.length);
  }
}
