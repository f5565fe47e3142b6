// Views by libtorch's own operators, on any device: in full batches, each color adjustment on the samples it is drawn for.
import { ops, type Tensor, tensor } from "../../torch/index.js";
import { blurImages } from "./blur.js";
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation, grayOf } from "./color.js";
import { columnCount, columns, steps, type ViewDraws } from "./draw.js";
import { resizeCrops } from "./resize.js";

type Adjustment = (images: Tensor, amount: Tensor) => Tensor;

const adjustments: readonly (readonly [number, Adjustment])[] = [
  [steps.brightness, adjustBrightness],
  [steps.contrast, adjustContrast],
  [steps.saturation, adjustSaturation],
  [steps.hue, adjustHue],
];

const stepSlots = [0, 1, 2, 3];

/** One column of the draws. */
function columnOf(draws: ViewDraws, column: number): Float32Array {
  return Float32Array.from({ length: draws.length / columnCount }, (_, i) => draws[i * columnCount + column] as number);
}

/** The positions at which a condition holds in a column. */
function positionsWhere(values: Float32Array, holds: (value: number) => boolean): number[] {
  return Array.from(values.keys()).filter((i) => holds(values[i] as number));
}

/** Replaces the images at some positions by `change` of them. */
function changeSome(images: Tensor, positions: readonly number[], change: (chosen: Tensor) => Tensor): void {
  if (positions.length === 0) return;
  const index = tensor([...positions], { dtype: "int64", device: images.device });
  images.indexCopy_(0, index, change(images.indexSelect(0, index)));
}

function adjustColors(images: Tensor, draws: ViewDraws): void {
  for (const slot of stepSlots) {
    const drawn = columnOf(draws, columns.step + slot);
    const amounts = columnOf(draws, columns.amount + slot);
    for (const [step, change] of adjustments) {
      const positions = positionsWhere(drawn, (value) => value === step);
      const values = Float32Array.from(positions, (i) => amounts[i] as number);
      const shape = [positions.length, 1, 1, 1];
      changeSome(images, positions, (chosen) => change(chosen, tensor(values, { shape, device: images.device })));
    }
  }
}

/** 1 - x where x >= 0.5. */
export function solarize(images: Tensor): Tensor {
  return ops.where(images.ge(0.5), images.neg().add(1), images);
}

/**
 * Views (n, 3, size, size) of uint8 images (n, 3, height, width), as drawn for each, pixels from 0 to 1 in float32. A blur
 * reaches `radius` pixels to either side.
 */
export function stockViews(images: Tensor, draws: ViewDraws, size: number, radius: number): Tensor {
  const column = (which: number) => columnOf(draws, which);
  const flipped = column(columns.flipped);
  const down = { start: column(columns.top), length: column(columns.height), flipped: flipped.map(() => 0) };
  const across = { start: column(columns.left), length: column(columns.width), flipped };
  const views = resizeCrops(images.to("float32").div(255), down, across, size);
  adjustColors(views, draws);
  const drawn = (which: number) => positionsWhere(column(which), (value) => value > 0);
  changeSome(views, drawn(columns.gray), (chosen) => grayOf(chosen).expand(chosen.shape));
  const blurred = drawn(columns.sigma);
  const sigma = blurred.map((i) => draws[i * columnCount + columns.sigma] as number);
  changeSome(views, blurred, (chosen) => blurImages(chosen, sigma, radius));
  changeSome(views, drawn(columns.solarized), solarize);
  return views;
}
