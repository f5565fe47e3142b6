// Modules in sequence.
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";
import type { Maps, Traceable } from "./program.js";

/** Each module's output is the next one's input; children are named by their position. */
export class Sequential extends Module implements Traceable {
  readonly #modules: readonly Module[];

  constructor(...modules: Module[]) {
    super();
    this.#modules = modules;
  }

  override *children(): Generator<[string, Module]> {
    for (const [position, module] of this.#modules.entries()) yield [String(position), module];
  }

  trace(maps: Maps): Maps {
    return this.#modules.reduce((value, module) => value.through(module), maps);
  }

  override forward(input: Tensor): Tensor {
    return this.#modules.reduce((value, module) => module.forward(value), input);
  }
}
