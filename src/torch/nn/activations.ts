// Smooth activations, and those that approximate them piecewise.
import { ops } from "../operators.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";

export type GeluForm = "exact" | "quick";

/**
 * x P(Z <= x) for a standard normal Z; or quick, x sigmoid(1.702 x), with which OpenAI's CLIP was trained.
 * @see Hendrycks and Gimpel 2016, arXiv 1606.08415
 */
export class GELU extends Module {
  readonly #form: GeluForm;

  constructor(form: GeluForm = "exact") {
    super();
    this.#form = form;
  }

  override forward(input: Tensor): Tensor {
    return this.#form === "exact" ? ops.gelu(input) : input.mul(input.mul(1.702).sigmoid());
  }
}

/** x sigmoid(x). */
export class SiLU extends Module {
  override forward(input: Tensor): Tensor {
    return ops.silu(input);
  }
}

/** x min(max(x + 3, 0), 6) / 6. @see Howard et al. 2019, arXiv 1905.02244 */
export class Hardswish extends Module {
  override forward(input: Tensor): Tensor {
    return ops.hardswish(input);
  }
}

/** min(max(x + 3, 0), 6) / 6. */
export class Hardsigmoid extends Module {
  override forward(input: Tensor): Tensor {
    return ops.hardsigmoid(input);
  }
}

/** 1 / (1 + exp(-x)). */
export class Sigmoid extends Module {
  override forward(input: Tensor): Tensor {
    return ops.sigmoid(input);
  }
}
