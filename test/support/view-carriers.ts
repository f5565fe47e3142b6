// Both ways in which views are made, without normalization, so that one suite tests them alike.

import type { ViewDraws } from "../../src/data/views/draw.js";
import { stockViews } from "../../src/data/views/stock.js";
import { ops, type Tensor, tensor } from "../../src/torch/index.js";
import { callOperator } from "../../src/torch/unsafe.js";

/** Views of uint8 images (n, 3, height, width) at `index`, pixels from 0 to 1. */
type Carrier = (images: Tensor, index: Int32Array, draws: ViewDraws, size: number, radius: number) => Tensor;

const stock: Carrier = (images, index, draws, size, radius) =>
  stockViews(images.indexSelect(0, tensor(index)), draws, size, radius);

const fused: Carrier = (images, index, draws, size, radius) => {
  const rows = tensor(draws, { shape: [index.length, draws.length / index.length] });
  const statistics = [ops.zeros([3]), ops.ones([3])] as const;
  return callOperator("selfadapt::views", "", images, tensor(index), rows, size, radius, ...statistics) as Tensor;
};

export const carriers: readonly (readonly [string, Carrier])[] = [
  ["stock operators", stock],
  ["the fused operator", fused],
];
