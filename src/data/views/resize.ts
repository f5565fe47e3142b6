// Crops of a batch resized at once: each direction is a product with one matrix per sample.
import { ops, type Tensor, tensor } from "../../torch/index.js";

/** The crop of each sample along one axis, and whether it is flipped. */
export interface Span {
  readonly start: Float32Array;
  readonly length: Float32Array;
  readonly flipped: Float32Array;
}

/**
 * Matrices (n, size, side) that crop an axis of `side` pixels and resize it: a triangle filter, as wide as a source pixel
 * where the crop grows (bilinear interpolation) and as a target pixel where it shrinks (antialiased).
 *
 * w_ij = max(0, 1 - |j + 1/2 - (i + 1/2) s| / max(1, s)), j inside the crop, rows scaled to sum 1; s = length / size
 *
 * @see torch.nn.functional.interpolate, mode "bilinear", align_corners false, antialias true
 */
function resizingMatrices({ start, length, flipped }: Span, side: number, size: number, device: string): Tensor {
  const column = (values: Float32Array) => tensor(Float64Array.from(values), { shape: [values.length, 1, 1], device });
  const counted = (count: number) => ops.arange(count, { dtype: "float64", device });
  const positions = counted(side).reshape([1, 1, side]).sub(column(start));
  const lengths = column(length);
  const scale = lengths.div(size);
  const ordered = counted(size).reshape([1, size, 1]);
  const rows = ordered.add(column(flipped).mul(ordered.mul(-2).add(size - 1)));
  const distance = positions.add(0.5).sub(rows.add(0.5).mul(scale)).abs();
  const inside = positions.ge(0).logicalAnd(positions.lt(lengths));
  const weights = distance.div(scale.clampMin(1)).neg().add(1).clampMin(0).mul(inside);
  return weights.div(weights.sum([2], { keepdim: true })).to("float32");
}

/** Images (n, channels, height, width), each cropped, flipped and resized to (size, size). */
export function resizeCrops(images: Tensor, rows: Span, columns: Span, size: number): Tensor {
  const [, , height, width] = images.shape as [number, number, number, number];
  const down = resizingMatrices(rows, height, size, images.device).unsqueeze(1);
  const across = resizingMatrices(columns, width, size, images.device).unsqueeze(1);
  return down.matmul(images).matmul(across.transpose(2, 3));
}
