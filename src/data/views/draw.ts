// The random draws of a view: keyed by seed, epoch, view and sample, whatever else is in the batch.
import { type Random, randomFrom } from "../random.js";
import type { ViewSteps } from "./recipe.js";

/** A row of float32 numbers a sample; native/views/batch.h reads the same columns. */
export type ViewDraws = Float32Array;

/** The column of each number in a row. Steps and amounts take four columns each. */
export const columns = {
  top: 0,
  left: 1,
  height: 2,
  width: 3,
  flipped: 4,
  step: 5,
  amount: 9,
  gray: 13,
  /** The blur's deviation in pixels, 0 without one. */
  sigma: 14,
  solarized: 15,
} as const;
export const columnCount = 16;

/** The color adjustments, by number. */
export const steps = { none: 0, brightness: 1, contrast: 2, saturation: 3, hue: 4 } as const;

/** The key of a view's draws, besides the sample. */
export interface ViewKey {
  readonly seed: number;
  readonly epoch: number;
  readonly view: number;
}

type Range = readonly [number, number];

const between = (random: Random, [from, to]: Range) => from + (to - from) * random.uniform();
const happens = (random: Random, probability: number) => Number(random.uniform() < probability);

/** The draws of the samples at `index`, of images of a height and width. */
export function drawViews(
  view: ViewSteps,
  key: ViewKey,
  index: Int32Array,
  [height, width]: readonly [number, number],
): ViewDraws {
  const draws = new Float32Array(index.length * columnCount);
  index.forEach((sample, i) => {
    const random = randomFrom(key.seed, key.epoch, "view", key.view, sample);
    drawView(random, view, [height, width], draws.subarray(i * columnCount, (i + 1) * columnCount));
  });
  return draws;
}

/** Draws one view of an image into its row. */
export function drawView(random: Random, view: ViewSteps, size: readonly [number, number], row: Float32Array): void {
  row.set(drawCrop(random, view.crop, size), columns.top);
  row[columns.flipped] = happens(random, view.flip);
  if (happens(random, view.jitter.probability)) drawColors(random, view.jitter, row);
  row[columns.gray] = happens(random, view.grayscale);
  if (happens(random, view.blur.probability)) row[columns.sigma] = between(random, view.blur.sigma);
  row[columns.solarized] = happens(random, view.solarize);
}

/** Four adjustments in random order, each by its own amount. */
function drawColors(random: Random, jitter: ViewSteps["jitter"], row: Float32Array): void {
  const about = (strength: number) => between(random, [1 - strength, 1 + strength]);
  const drawn = [
    [steps.brightness, about(jitter.brightness)],
    [steps.contrast, about(jitter.contrast)],
    [steps.saturation, about(jitter.saturation)],
    [steps.hue, between(random, [-jitter.hue, jitter.hue])],
  ] as const;
  random.permutation(drawn.length).forEach((which, position) => {
    const [step, amount] = drawn[which] as (typeof drawn)[number];
    row[columns.step + position] = step;
    row[columns.amount + position] = amount;
  });
}

/**
 * A crop (top, left, height, width) of random area and shape: the area uniform in `scale`, the logarithm of width over
 * height uniform in `ratio`. After ten that do not fit, the largest crop in the middle that has a shape within `ratio`.
 * @see torchvision.transforms.RandomResizedCrop
 */
export function drawCrop(
  random: Random,
  { scale, ratio }: ViewSteps["crop"],
  [height, width]: readonly [number, number],
): readonly [number, number, number, number] {
  const logarithms: Range = [Math.log(ratio[0]), Math.log(ratio[1])];
  for (let trial = 0; trial < 10; trial++) {
    const area = height * width * between(random, scale);
    const shape = Math.exp(between(random, logarithms));
    const cropWidth = Math.round(Math.sqrt(area * shape));
    const cropHeight = Math.round(Math.sqrt(area / shape));
    if (cropWidth < 1 || cropWidth > width || cropHeight < 1 || cropHeight > height) continue;
    return [random.integer(height - cropHeight + 1), random.integer(width - cropWidth + 1), cropHeight, cropWidth];
  }
  return middleCrop(ratio, height, width);
}

function middleCrop(ratio: Range, height: number, width: number): readonly [number, number, number, number] {
  const shape = Math.min(ratio[1], Math.max(ratio[0], width / height));
  const cropHeight = Math.min(height, Math.max(1, Math.round(width / shape)));
  const cropWidth = Math.min(width, Math.max(1, Math.round(height * shape)));
  return [Math.floor((height - cropHeight) / 2), Math.floor((width - cropWidth) / 2), cropHeight, cropWidth];
}
