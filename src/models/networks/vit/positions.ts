// Position embeddings of a square grid of patches, resized to another grid as the networks' published code does.
import { ops, type Tensor } from "../../../torch/index.js";

/**
 * The published ways, bicubic all three:
 *
 * - `dinov2`: by the factor (side + 0.1) / side before, without a low-pass filter (DINOv2's `interpolate_offset`, 0.1)
 * - `timm`: with a low-pass filter (timm's `resample_abs_pos_embed`, and DINOv2's networks with registers)
 * - `torchvision`: corners onto corners (`interpolate_embeddings`)
 */
export type ResizeForm = "dinov2" | "timm" | "torchvision";

/** The side of the grid that an embedding of 1 + side^2 positions has, the class token's first. */
export const gridSide = (positions: number): number => Math.sqrt(positions - 1);

/** (1, 1 + from^2, d) as (1, 1 + height width, d); the class token's stays as it is. */
export function resizePositions(
  positions: Tensor,
  [height, width]: readonly [number, number],
  form: ResizeForm,
): Tensor {
  const [, count = 0, dimension = 0] = positions.shape;
  const side = gridSide(count);
  if (height === side && width === side) return positions;
  const first = positions.narrow(1, 0, 1);
  const grid = positions
    .narrow(1, 1, count - 1)
    .reshape([1, side, side, dimension])
    .permute([0, 3, 1, 2]);
  const resized = resizeGrid(grid, [height, width], form);
  return ops.cat([first, resized.permute([0, 2, 3, 1]).reshape([1, height * width, dimension])], { dim: 1 });
}

function resizeGrid(grid: Tensor, size: readonly [number, number], form: ResizeForm): Tensor {
  if (form === "timm") return ops.upsampleBicubic2dAa(grid, size, false);
  if (form === "torchvision") return ops.upsampleBicubic2d(grid, size, true);
  const side = grid.shape[2] as number;
  const [scalesH, scalesW] = size.map((length) => (length + 0.1) / side) as [number, number];
  return ops.upsampleBicubic2d(grid, size, false, { scalesH, scalesW });
}
