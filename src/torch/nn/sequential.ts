// Modules one after the other.
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";

/** Each module's output is the next one's input; children are named by their position. */
export class Sequential extends Module {
  readonly #modules: readonly Module[];

  constructor(...modules: Module[]) {
    super();
    this.#modules = modules;
  }

  override *children(): Generator<[string, Module]> {
    for (const [position, module] of this.#modules.entries()) yield [String(position), module];
  }

  override forward(input: Tensor): Tensor {
    return this.#modules.reduce((value, module) => module.forward(value), input);
  }
}
