// Stochastic depth.
import { requireFraction } from "../../options/ranges.js";
import { ops } from "../operators.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";

/**
 * In training, zeroes a residual branch for each sample with probability p and scales the others' by 1 / (1 - p).
 * @see Huang et al. 2016, arXiv 1603.09382
 */
export class DropPath extends Module {
  readonly #p: number;

  constructor(p: number) {
    super();
    requireFraction("p", p);
    this.#p = p;
  }

  override forward(input: Tensor): Tensor {
    if (!this.training || this.#p === 0) return input;
    const { shape, dtype, device } = input;
    const kept = ops.full([shape[0] as number, ...shape.slice(1).map(() => 1)], 1 - this.#p, { device }).bernoulli();
    return input.mul((this.#p === 1 ? kept : kept.mul(1 / (1 - this.#p))).to(dtype));
  }
}
