// Random rotations, crops and flips of a batch, on any device.
import { ops, type Tensor, tensor } from "../../torch/index.js";
import { rawOperator } from "../../torch/unsafe.js";
import { randomFrom } from "../random.js";

/** The crop and flip of each sample of the data set: (down, right, flipped). */
export type CropDraws = Uint16Array;

/** The default padding of an image before it is cropped back to its size: 4 pixels for 32. */
export function cropPadding(size: number): number {
  return Math.max(1, Math.round(size / 8));
}

/** The rotation of each sample of the data set: (cosine, sine) of its angle, in steps of 1 / `rotationSteps`. */
export type RotationDraws = Int32Array;

/** Integers, so that every device and precision selects the same pixels. */
const rotationSteps = 2 ** 20;

/** The draws of an epoch; without rotations images stay upright. */
export interface AugmentationDraws {
  readonly crops: CropDraws;
  readonly rotations: RotationDraws | null;
  readonly padding: number;
}

/**
 * The draws of one epoch for all samples, so that they do not depend on the order in which samples are visited. Without
 * `flip` none is flipped, the crops being the same.
 */
export function drawCrops(seed: number, epoch: number, samples: number, padding: number, flip = true): CropDraws {
  const random = randomFrom(seed, epoch, "crop-flip");
  const draws = new Uint16Array(3 * samples);
  for (let i = 0; i < draws.length; i += 3) {
    draws[i] = random.integer(2 * padding + 1);
    draws[i + 1] = random.integer(2 * padding + 1);
    const flipped = random.integer(2);
    draws[i + 2] = flip ? flipped : 0;
  }
  return draws;
}

/** The rotations of one epoch for all samples: angles uniform in [-degrees, degrees]. */
export function drawRotations(seed: number, epoch: number, samples: number, degrees: number): RotationDraws {
  const random = randomFrom(seed, epoch, "rotation");
  const draws = new Int32Array(2 * samples);
  for (let i = 0; i < draws.length; i += 2) {
    const angle = ((2 * random.uniform() - 1) * degrees * Math.PI) / 180;
    draws[i] = Math.round(Math.cos(angle) * rotationSteps);
    draws[i + 1] = Math.round(Math.sin(angle) * rotationSteps);
  }
  return draws;
}

/** The draws of the samples at `index`, `width` numbers each. */
function drawsAt(draws: ArrayLike<number> | null, index: Int32Array, width: number): Int32Array {
  const chosen = new Int32Array(draws === null ? 0 : width * index.length);
  const value = (i: number) => draws?.[width * (index[Math.floor(i / width)] as number) + (i % width)] as number;
  for (let i = 0; i < chosen.length; i++) chosen[i] = value(i);
  return chosen;
}

/** The source row or column of each output one: ascending from the offset, descending where flipped. */
function positions(
  batch: number,
  size: number,
  offset: (i: number) => number,
  flipped: (i: number) => boolean,
): Int32Array {
  const result = new Int32Array(batch * size);
  for (let i = 0; i < batch; i++) {
    const first = offset(i);
    for (let j = 0; j < size; j++) result[i * size + j] = first + (flipped(i) ? size - 1 - j : j);
  }
  return result;
}

/**
 * Pads images (n, channels, height, width) with black, crops each back to its size by its draws, and flips half of
 * them. `index` has the position of each image in the data set.
 */
export function cropAndFlip(images: Tensor, index: Int32Array, draws: CropDraws, padding: number): Tensor {
  const [n, channels, height, width] = images.shape as [number, number, number, number];
  const draw = (i: number, which: number) => draws[3 * (index[i] as number) + which] as number;
  const rows = positions(
    n,
    height,
    (i) => draw(i, 0),
    () => false,
  );
  const columns = positions(
    n,
    width,
    (i) => draw(i, 1),
    (i) => draw(i, 2) === 1,
  );
  const at = (values: Int32Array, shape: number[], size: number[]) =>
    tensor(values, { shape }).to(images.device).to("int64").expand(size);
  return ops
    .constantPadNd(images, [padding, padding, padding, padding])
    .gather(2, at(rows, [n, 1, height, 1], [n, channels, height, width + 2 * padding]))
    .gather(3, at(columns, [n, 1, 1, width], [n, channels, height, width]));
}

/**
 * Rotates images (n, channels, height, width) about their centers, counterclockwise, each by its own angle a: at (x, y), from
 * the center, is the pixel nearest to (x cos a - y sin a, x sin a + y cos a), black where that is outside.
 * `index` has the position of each image in the data set.
 */
export function rotate(images: Tensor, index: Int32Array, draws: RotationDraws): Tensor {
  const [n, channels, height, width] = images.shape as [number, number, number, number];
  // float64 holds these whole numbers, which stay below 2^53, exactly.
  const chosen = tensor(drawsAt(draws, index, 2), { shape: [n, 2, 1, 1] })
    .to(images.device)
    .to("float64");
  const [cosine, sine] = [chosen.narrow(1, 0, 1).squeeze(1), chosen.narrow(1, 1, 1).squeeze(1)];
  const fromCenter = (size: number) =>
    ops
      .arange(size, { dtype: "float64", device: images.device })
      .mul(2)
      .sub(size - 1);
  const [x, y] = [fromCenter(width).view([1, 1, width]), fromCenter(height).view([1, height, 1])];
  const nearest = (rotated: Tensor, size: number) =>
    rotated
      .add(size * rotationSteps)
      .div(2 * rotationSteps)
      .floor();
  const column = nearest(cosine.mul(x).sub(sine.mul(y)), width);
  const row = nearest(sine.mul(x).add(cosine.mul(y)), height);
  const within = (position: Tensor, size: number) => position.ge(0).logicalAnd(position.lt(size));
  const inside = within(column, width).logicalAnd(within(row, height));
  const pixel = row
    .mul(width)
    .add(column)
    .mul(inside)
    .to("int64")
    .view([n, 1, height * width]);
  const rotated = images.flatten({ startDim: 2 }).gather(2, pixel.expand([n, channels, height * width]));
  return rotated.view([n, channels, height, width]).mul(inside.unsqueeze(1).to(images.dtype));
}

const fused = rawOperator("selfadapt::crop_flip_normalize", "");

/**
 * Selection, `rotate` and `cropAndFlip` (where there are draws) and (x / 255 - mean) / std in one pass, bit for bit the same:
 * float32 (n, channels, height, width) in channels_last.
 * @param images uint8 on the CPU, `index` being its rows
 * @param samples the positions in the data set, for the draws (default: the rows)
 * @param mean one float32 a channel, as `std`
 * @throws Error when an index or a draw is out of range.
 */
export function cropFlipNormalize(
  images: Tensor,
  index: Int32Array,
  draws: AugmentationDraws | null,
  mean: Tensor,
  std: Tensor,
  samples = index,
): Tensor {
  const rows = (of: ArrayLike<number> | null, width: number) => {
    const chosen = drawsAt(of, samples, width);
    return tensor(chosen, { shape: [chosen.length / width, width] });
  };
  const { crops = null, rotations = null, padding = 0 } = draws ?? {};
  return fused(images, tensor(index), rows(crops, 3), rows(rotations, 2), padding, mean, std) as Tensor;
}
