// Color adjustments, on a batch of images (n, 3, height, width) from 0 to 1 with an amount (n, 1, 1, 1) each.
import { ops, type Tensor } from "../../torch/index.js";

/** 0.2989 red + 0.587 green + 0.114 blue, (n, 1, height, width). */
export function grayOf(images: Tensor): Tensor {
  const [red, green, blue] = images.split(1, { dim: 1 }) as [Tensor, Tensor, Tensor];
  return red.mul(0.2989).add(green.mul(0.587)).add(blue.mul(0.114));
}

/** amount x + (1 - amount) other, between 0 and 1 */
function blend(images: Tensor, amount: Tensor, other: Tensor): Tensor {
  return images.mul(amount).add(amount.neg().add(1).mul(other)).clamp({ min: 0, max: 1 });
}

export function adjustBrightness(images: Tensor, amount: Tensor): Tensor {
  return images.mul(amount).clamp({ min: 0, max: 1 });
}

/** Blends with the mean of the image's gray. */
export function adjustContrast(images: Tensor, amount: Tensor): Tensor {
  return blend(images, amount, grayOf(images).mean([2, 3], { keepdim: true }));
}

/** Blends with each pixel's gray. */
export function adjustSaturation(images: Tensor, amount: Tensor): Tensor {
  return blend(images, amount, grayOf(images));
}

/**
 * Shifts the hue by a fraction of the circle, -0.5 to 0.5. A color is its value v = max, its chroma c = max - min and its hue h
 * in sixths of a turn: red = v - c (1 - u(|h - 3| - 1)), green = v - c (1 - u(2 - |h - 2|)), blue likewise about 4,
 * u limiting to 0..1.
 */
export function adjustHue(images: Tensor, turns: Tensor): Tensor {
  const [red, green, blue] = images.split(1, { dim: 1 }) as [Tensor, Tensor, Tensor];
  const value = images.amax({ dim: [1], keepdim: true });
  const chroma = value.sub(images.amin({ dim: [1], keepdim: true }));
  const divisor = ops.where(chroma.gt(0), chroma, ops.onesLike(chroma));
  const sixths = (left: Tensor, right: Tensor, offset: number) => left.sub(right).div(divisor).add(offset);
  const other = ops.where(value.eq(green), sixths(blue, red, 2), sixths(red, green, 4));
  const hue = ops
    .where(value.eq(red), sixths(green, blue, 0), other)
    .add(turns.mul(6))
    .remainder(6);
  const part = (weight: Tensor) => value.sub(chroma.mul(weight.clamp({ min: 0, max: 1 }).neg().add(1)));
  const away = (center: number) => hue.sub(center).abs();
  return ops.cat([part(away(3).sub(1)), part(away(2).neg().add(2)), part(away(4).neg().add(2))], { dim: 1 });
}
