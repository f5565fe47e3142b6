// Mixed images: weighted means of pairs (mixup), or a rectangle of another image (CutMix).
import { InputError } from "../errors.js";
import { ops, type Tensor } from "../torch/index.js";

/** How images are mixed: by one of the two, or in half of the batches by either. */
export interface MixingOptions {
  /** a of Beta(a, a), the distribution of mixup's weights. */
  readonly mixupAlpha?: number | undefined;
  /** a of Beta(a, a), the distribution of the area that CutMix leaves in place. */
  readonly cutmixAlpha?: number | undefined;
}

export interface MixedImages {
  readonly images: Tensor;
  /** The other image of each, (n) int64. */
  readonly order: Tensor;
  /** The weight of the own image; the other one has the remainder. */
  readonly weight: number;
}

/**
 * One draw of Beta(a, a), float64, on the device: with U, V uniform, c = cos(2 pi V), w = (U^(-1/a) - 1) c^2,
 *
 * l = (1 + sign(c) sqrt(w / (1 + w))) / 2
 * @see Bailey 1994 (the polar method for Student's t), Devroye 1996 (its symmetric beta form)
 */
export function drawMixingWeight(alpha: number, device: string): Tensor {
  const [u, v] = ops.rand([2], { dtype: "float64", device }).unbind() as [Tensor, Tensor];
  const cosine = v.mul(2 * Math.PI).cos();
  const w = u.log().div(-alpha).expm1().mul(cosine.square());
  const root = w.reciprocal().add(1).rsqrt();
  return cosine.sign().mul(root).add(1).div(2);
}

/**
 * Mixes each image of a batch (n, ...) with another one, all by one weight l ~ Beta(a, a) and a random order r.
 *
 * mixup:   l x_i + (1 - l) x_r(i)
 * CutMix:  x_i, but x_r(i) in a rectangle of sqrt(1 - l) of each side around a uniform center, cut at the border; l is then the
 *          fraction of the area that is left of x_i
 *
 * Draws come from libtorch's default random stream of the images' device.
 * @throws InputError for CutMix of what is not (n, channels, height, width)
 * @see Zhang et al. 2018 (arXiv 1710.09412); Yun et al. 2019 (arXiv 1905.04899)
 */
export function mixImages(images: Tensor, { mixupAlpha, cutmixAlpha }: MixingOptions): MixedImages {
  const { device } = images;
  const order = ops.randperm(images.shape[0] as number, { dtype: "int64", device });
  const cuts = cutmixAlpha !== undefined && (mixupAlpha === undefined || uniform(device) < 0.5);
  const alpha = (cuts ? cutmixAlpha : mixupAlpha) ?? 1;
  const weight = drawMixingWeight(alpha, device).item();
  return cuts ? cutMix(images, order, weight) : { images: mixRows(images, { order, weight }), order, weight };
}

const uniform = (device: string) => ops.rand([1], { dtype: "float64", device }).item();

/** l x_i + (1 - l) x_r(i): rows of a batch, such as its targets, mixed as its images were. */
export const mixRows = (rows: Tensor, { order, weight }: Pick<MixedImages, "order" | "weight">) =>
  rows.mul(weight).add(rows.indexSelect(0, order).mul(1 - weight));

function cutMix(images: Tensor, order: Tensor, weight: number): MixedImages {
  const [, , height, width] = images.shape;
  if (height === undefined || width === undefined || images.shape.length !== 4) {
    throw new InputError(`CutMix is for images; received samples of shape ${images.shape.slice(1).join(" x ")}`);
  }
  const [y, x] = [height, width].map((side) => within(side, Math.sqrt(1 - weight), uniform(images.device)));
  const area = y!.length * x!.length;
  const mixed = images.clone();
  if (area > 0) {
    const part = (from: Tensor) => from.narrow(2, y!.start, y!.length).narrow(3, x!.start, x!.length);
    part(mixed).copy_(part(images).indexSelect(0, order));
  }
  return { images: mixed, order, weight: 1 - area / (height * width) };
}

/** The part of a side that an interval of a fraction of it covers, around a center. */
function within(side: number, fraction: number, center: number): { start: number; length: number } {
  const middle = Math.floor(center * side);
  const reach = Math.floor(Math.floor(side * fraction) / 2);
  const start = Math.max(middle - reach, 0);
  return { start, length: Math.min(middle + reach, side) - start };
}
