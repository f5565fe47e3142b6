// Multi-head self-attention.
import { ops } from "../operators.js";
import { recording } from "../recorder.js";
import type { Tensor } from "../tensor.js";
import { operatorNames, rawOperator } from "../unsafe.js";
import { requestedKernels } from "./kernels.js";
import { type LayerInit, Linear } from "./layers.js";
import { Module } from "./module.js";

/**
 * softmax(q k^T / sqrt(d)) v by head, then a projection, of tokens x (n, tokens, dimension); one linear layer gives queries,
 * keys and values, in this order.
 * @see Vaswani et al. 2017, arXiv 1706.03762
 */
export class Attention extends Module {
  readonly qkv: Linear;
  readonly proj: Linear;
  readonly #heads: number;

  /** `dimension` is a multiple of `heads`. */
  constructor(dimension: number, heads: number, options: LayerInit = {}) {
    super();
    this.qkv = new Linear(dimension, 3 * dimension, options);
    this.proj = new Linear(dimension, dimension, options);
    this.#heads = heads;
  }

  override forward(input: Tensor): Tensor {
    const [n = 0, tokens = 0, dimension = 0] = input.shape;
    const heads = this.#heads;
    const all = this.qkv
      .forward(input)
      .reshape([n, tokens, 3, heads, dimension / heads])
      .permute([2, 0, 3, 1, 4]);
    const mixed = attend(all);
    return this.proj.forward(mixed.transpose(1, 2).reshape([n, tokens, dimension]));
  }
}

const fusedName = "aten::scaled_dot_product_attention";
const fused = rawOperator(fusedName, "");
let known: boolean | null = null;

/** libtorch has a fused operator since 2.0; a recorder sees plain ones. */
function usesFused(): boolean {
  if (recording() || requestedKernels() === "stock") return false;
  known ??= operatorNames().includes(fusedName);
  return known;
}

const partsOf = (all: Tensor) => [0, 1, 2].map((part) => all.select(0, part)) as [Tensor, Tensor, Tensor];

/** Of queries, keys and values, (3, n, heads, tokens, size). */
function attend(all: Tensor): Tensor {
  if (usesFused()) return fused(...partsOf(all)) as Tensor;
  if (recording()) return attendWith("matmul", all);
  // One copy of all: `matmul` would make one of each.
  const [, n = 0, heads = 0, tokens = 0, size = 0] = all.shape;
  const mixed = attendWith("bmm", all.contiguous().reshape([3, n * heads, tokens, size]));
  return mixed.reshape([n, heads, tokens, size]);
}

function attendWith(product: "matmul" | "bmm", all: Tensor): Tensor {
  const [queries, keys, values] = partsOf(all);
  const size = queries.shape.at(-1) as number;
  const scores = queries.mul(size ** -0.5)[product](keys.transpose(-2, -1));
  return ops.softmax(scores, -1)[product](values);
}
