// Random crops and mirror images of a whole batch at once, on whatever device holds it.
import { ops, type Tensor, tensor } from "../torch/index.js";
import { rawOperator } from "../torch/unsafe.js";
import { randomFrom } from "./random.js";

/** Where each sample is cropped and whether it is mirrored: one triple (down, right, mirrored) a sample of the data set. */
export type CropDraws = Uint16Array;

/** How many black pixels are put around an image before it is cropped back to its size: 4 for 32. */
export function cropPadding(size: number): number {
  return Math.max(1, Math.round(size / 8));
}

/** The draws of one epoch for all samples, so that they do not depend on the order in which samples are visited. */
export function drawCrops(seed: number, epoch: number, samples: number, padding: number): CropDraws {
  const random = randomFrom(seed, epoch, "crop-flip");
  const draws = new Uint16Array(3 * samples);
  for (let i = 0; i < draws.length; i += 3) {
    draws[i] = random.integer(2 * padding + 1);
    draws[i + 1] = random.integer(2 * padding + 1);
    draws[i + 2] = random.integer(2);
  }
  return draws;
}

/** The source row or column of each output one: they count up from the offset, or down where mirrored. */
function positions(
  batch: number,
  size: number,
  offset: (i: number) => number,
  mirrored: (i: number) => boolean,
): Int32Array {
  const result = new Int32Array(batch * size);
  for (let i = 0; i < batch; i++) {
    const first = offset(i);
    for (let j = 0; j < size; j++) result[i * size + j] = first + (mirrored(i) ? size - 1 - j : j);
  }
  return result;
}

/**
 * Pads images (n, channels, height, width) with black, crops each back to its size at its own place, and mirrors half of
 * them. `index` says which samples the images are.
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

const fused = rawOperator("selfadapt::crop_flip_normalise", "");

/**
 * What selecting, `cropAndFlip` (where draws are given) and (x / 255 - mean) / std give, bit for bit, in one pass: float32
 * (n, channels, height, width) in channels_last.
 * @param images all samples, uint8 on the CPU
 * @param mean one float32 a channel, as `std`
 * @throws Error when an index or a draw is out of range.
 */
export function cropFlipNormalise(
  images: Tensor,
  index: Int32Array,
  draws: CropDraws | null,
  padding: number,
  mean: Tensor,
  std: Tensor,
): Tensor {
  const crops = new Int32Array(draws === null ? 0 : 3 * index.length);
  const value = (i: number) => draws?.[3 * (index[Math.floor(i / 3)] as number) + (i % 3)] as number;
  for (let i = 0; i < crops.length; i++) crops[i] = value(i);
  const rows = tensor(crops, { shape: [crops.length / 3, 3] });
  return fused(images, tensor(index), rows, padding, mean, std) as Tensor;
}
