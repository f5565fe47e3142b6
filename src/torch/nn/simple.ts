// Layers without parameters.
import { requireFraction } from "../../options/ranges.js";
import { ops } from "../operators.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";
import type { Maps, Traceable } from "./program.js";

export class Identity extends Module implements Traceable {
  trace(maps: Maps): Maps {
    return maps;
  }

  override forward(input: Tensor): Tensor {
    return input;
  }
}

/** max(x, 0). */
export class ReLU extends Module implements Traceable {
  trace(maps: Maps): Maps {
    return maps.relu();
  }

  override forward(input: Tensor): Tensor {
    return ops.relu(input);
  }
}

/** All dimensions after the first as one. */
export class Flatten extends Module {
  override forward(input: Tensor): Tensor {
    return ops.flatten(input, { startDim: 1 });
  }
}

/** In training, zeroes each element with probability p and scales the others by 1 / (1 - p). */
export class Dropout extends Module {
  readonly #p: number;

  constructor(p = 0.5) {
    super();
    requireFraction("p", p);
    this.#p = p;
  }

  override forward(input: Tensor): Tensor {
    return ops.dropout(input, this.#p, this.training);
  }
}

/** Dropout of entire channels of (n, channels, height, width). */
export class Dropout2d extends Module implements Traceable {
  readonly p: number;

  constructor(p = 0.5) {
    super();
    requireFraction("p", p);
    this.p = p;
  }

  trace(maps: Maps): Maps {
    return maps.dropout(this);
  }

  override forward(input: Tensor): Tensor {
    return ops.featureDropout(input, this.p, this.training);
  }
}

export interface PoolOptions {
  /** Default: the kernel's size. */
  readonly stride?: number;
  readonly padding?: number;
}

export class MaxPool2d extends Module implements Traceable {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;

  constructor(kernel: number, { stride = kernel, padding = 0 }: PoolOptions = {}) {
    super();
    this.kernel = kernel;
    this.stride = stride;
    this.padding = padding;
  }

  trace(maps: Maps): Maps {
    return maps.maxPool(this);
  }

  override forward(input: Tensor): Tensor {
    return ops.maxPool2d(input, this.kernel, { stride: this.stride, padding: this.padding });
  }
}

export class AvgPool2d extends Module {
  readonly #kernel: number;
  readonly #options: PoolOptions;

  constructor(kernel: number, options: PoolOptions = {}) {
    super();
    this.#kernel = kernel;
    this.#options = options;
  }

  override forward(input: Tensor): Tensor {
    return ops.avgPool2d(input, this.#kernel, this.#options);
  }
}

/** The mean over each channel's pixels, (n, channels, 1, 1). */
export class GlobalAvgPool2d extends Module {
  override forward(input: Tensor): Tensor {
    return ops.adaptiveAvgPool2d(input, [1, 1]);
  }
}
