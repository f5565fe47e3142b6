// RandAugment and TrivialAugment: random operations on the pixels of training images.
import { InputError } from "../../../errors.js";
import { option } from "../../../options/index.js";
import type { Random } from "../../random.js";
import * as pixels from "./pixel-operations.js";

/** `operations` in a row of magnitude `magnitude` (of 30), or one of a random magnitude, of wider ranges. */
export type AutoAugment =
  | { readonly kind: "rand"; readonly operations: number; readonly magnitude: number }
  | { readonly kind: "trivial" };

/** Magnitudes count from 0 to this. */
const strongest = 30;

/**
 * Reads `2:9`, two operations of magnitude 9, or `trivial`.
 * @throws InputError for anything else
 */
export function parseAutoAugment(text: string): AutoAugment {
  if (text === "trivial") return { kind: "trivial" };
  const [, operations, magnitude] = /^(\d+):(\d+)$/.exec(text) ?? [];
  const read = { kind: "rand", operations: Number(operations), magnitude: Number(magnitude) } as const;
  if (read.operations >= 1 && read.operations <= 14 && read.magnitude <= strongest) return read;
  throw new InputError(
    `${option("randAugment", text)}: expected OPERATIONS:MAGNITUDE, such as 2:9 (magnitudes 0 to ${strongest}), or trivial`,
  );
}

/** How strong operations are at magnitude 30. */
interface Ranges {
  readonly shear: number;
  /** In pixels, for a side. */
  readonly translate: (side: number) => number;
  readonly degrees: number;
  /** Of factors 1 - s and 1 + s. */
  readonly factor: number;
  /** Bits that are dropped. */
  readonly bits: number;
}

const rand: Ranges = { shear: 0.3, translate: (side) => (150 / 331) * side, degrees: 30, factor: 0.9, bits: 4 };
const trivial: Ranges = { shear: 0.99, translate: () => 32, degrees: 135, factor: 0.99, bits: 6 };

/** `strength` from 0 to 1, `sign` -1 or 1. */
type Operation = (image: pixels.Planes, strength: number, sign: number, ranges: Ranges) => pixels.Planes;

const byFactor =
  (enhance: (image: pixels.Planes, factor: number) => pixels.Planes): Operation =>
  (image, strength, sign, { factor }) =>
    enhance(image, 1 + sign * strength * factor);

/** In torchvision's order. */
const operations: readonly Operation[] = [
  (image) => image,
  (image, strength, sign, { shear }) => pixels.affine(image, { b: sign * strength * shear }),
  (image, strength, sign, { shear }) => pixels.affine(image, { c: sign * strength * shear }),
  (image, strength, sign, { translate }) =>
    pixels.affine(image, { dx: -sign * Math.trunc(strength * translate(image.width)) }),
  (image, strength, sign, { translate }) =>
    pixels.affine(image, { dy: -sign * Math.trunc(strength * translate(image.height)) }),
  (image, strength, sign, { degrees }) => {
    const angle = (sign * strength * degrees * Math.PI) / 180;
    const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
    return pixels.affine(image, { a: cosine, b: -sine, c: sine, d: cosine });
  },
  byFactor(pixels.brightness),
  byFactor(pixels.color),
  byFactor(pixels.contrast),
  byFactor(pixels.sharpness),
  (image, strength, _, { bits }) => pixels.posterize(image, 8 - Math.round(strength * bits)),
  (image, strength) => pixels.solarize(image, 255 * (1 - strength)),
  pixels.autoContrast,
  pixels.equalize,
];

/**
 * An image augmented by random operations of the fourteen: identity, shear and translation along both axes, rotation, brightness,
 * color, contrast, sharpness, posterize, solarize, auto contrast and equalize.
 * @see Cubuk et al. 2020 (arXiv 1909.13719), Müller and Hutter 2021 (arXiv 2103.10158); ranges as in torchvision's RandAugment and
 * TrivialAugmentWide
 */
export function autoAugment(image: pixels.Planes, how: AutoAugment, random: Random): pixels.Planes {
  const ranges = how.kind === "rand" ? rand : trivial;
  let augmented = image;
  for (let i = 0; i < (how.kind === "rand" ? how.operations : 1); i++) {
    const operation = operations[random.integer(operations.length)]!;
    const magnitude = how.kind === "rand" ? how.magnitude : random.integer(strongest + 1);
    const sign = random.integer(2) === 0 ? 1 : -1;
    augmented = operation(augmented, magnitude / strongest, sign, ranges);
  }
  return augmented;
}
