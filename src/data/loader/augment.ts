// Random turns, crops and mirror images of a whole batch at once, on whatever device holds it.
import { ops, type Tensor, tensor } from "../../torch/index.js";
import { rawOperator } from "../../torch/unsafe.js";
import { randomFrom } from "../random.js";

/** Where each sample is cropped and whether it is mirrored: one triple (down, right, mirrored) a sample of the data set. */
export type CropDraws = Uint16Array;

/** How many black pixels are put around an image before it is cropped back to its size: 4 for 32. */
export function cropPadding(size: number): number {
  return Math.max(1, Math.round(size / 8));
}

/** How each sample is turned: one pair (cosine, sine) of its angle a sample of the data set, in steps of 1 / `turnSteps`. */
export type TurnDraws = Int32Array;

/** Whole numbers, so that the same pixels are found on every device and in every precision. */
const turnSteps = 2 ** 20;

/** The draws of an epoch. Without turns images stay upright. */
export interface Draws {
  readonly crops: CropDraws;
  readonly turns: TurnDraws | null;
  readonly padding: number;
}

/**
 * The draws of one epoch for all samples, so that they do not depend on the order in which samples are visited. Without
 * `flip` none is mirrored, the places being the same.
 */
export function drawCrops(seed: number, epoch: number, samples: number, padding: number, flip = true): CropDraws {
  const random = randomFrom(seed, epoch, "crop-flip");
  const draws = new Uint16Array(3 * samples);
  for (let i = 0; i < draws.length; i += 3) {
    draws[i] = random.integer(2 * padding + 1);
    draws[i + 1] = random.integer(2 * padding + 1);
    const mirrored = random.integer(2);
    draws[i + 2] = flip ? mirrored : 0;
  }
  return draws;
}

/** The turns of one epoch for all samples: angles of up to `degrees` either way, all as likely. */
export function drawTurns(seed: number, epoch: number, samples: number, degrees: number): TurnDraws {
  const random = randomFrom(seed, epoch, "rotation");
  const draws = new Int32Array(2 * samples);
  for (let i = 0; i < draws.length; i += 2) {
    const angle = ((2 * random.uniform() - 1) * degrees * Math.PI) / 180;
    draws[i] = Math.round(Math.cos(angle) * turnSteps);
    draws[i + 1] = Math.round(Math.sin(angle) * turnSteps);
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

/**
 * Turns images (n, channels, height, width) about their centres, anticlockwise, each by its own angle a: at (x, y), from the
 * centre, is the pixel nearest to (x cos a - y sin a, x sin a + y cos a), black where that lies outside.
 * `index` says which samples the images are.
 */
export function turn(images: Tensor, index: Int32Array, draws: TurnDraws): Tensor {
  const [n, channels, height, width] = images.shape as [number, number, number, number];
  // float64 holds these whole numbers, which stay below 2^53, exactly.
  const chosen = tensor(drawsAt(draws, index, 2), { shape: [n, 2, 1, 1] })
    .to(images.device)
    .to("float64");
  const [cosine, sine] = [chosen.narrow(1, 0, 1).squeeze(1), chosen.narrow(1, 1, 1).squeeze(1)];
  const fromCentre = (size: number) =>
    ops
      .arange(size, { dtype: "float64", device: images.device })
      .mul(2)
      .sub(size - 1);
  const [x, y] = [fromCentre(width).view([1, 1, width]), fromCentre(height).view([1, height, 1])];
  const nearest = (turned: Tensor, size: number) =>
    turned
      .add(size * turnSteps)
      .div(2 * turnSteps)
      .floor();
  const column = nearest(cosine.mul(x).sub(sine.mul(y)), width);
  const row = nearest(sine.mul(x).add(cosine.mul(y)), height);
  const within = (place: Tensor, size: number) => place.ge(0).logicalAnd(place.lt(size));
  const inside = within(column, width).logicalAnd(within(row, height));
  const place = row
    .mul(width)
    .add(column)
    .mul(inside)
    .to("int64")
    .view([n, 1, height * width]);
  const found = images.flatten({ startDim: 2 }).gather(2, place.expand([n, channels, height * width]));
  return found.view([n, channels, height, width]).mul(inside.unsqueeze(1).to(images.dtype));
}

const fused = rawOperator("selfadapt::crop_flip_normalize", "");

/**
 * What selecting, `turn` and `cropAndFlip` (where there are draws) and (x / 255 - mean) / std give, bit for bit, in one pass:
 * float32 (n, channels, height, width) in channels_last.
 * @param images uint8 on the CPU, of which `index` says the rows
 * @param samples which samples these are, by whose draws they are changed; as the rows unless given
 * @param mean one float32 a channel, as `std`
 * @throws Error when an index or a draw is out of range.
 */
export function cropFlipNormalize(
  images: Tensor,
  index: Int32Array,
  draws: Draws | null,
  mean: Tensor,
  std: Tensor,
  samples = index,
): Tensor {
  const rows = (of: ArrayLike<number> | null, width: number) => {
    const chosen = drawsAt(of, samples, width);
    return tensor(chosen, { shape: [chosen.length / width, width] });
  };
  const { crops = null, turns = null, padding = 0 } = draws ?? {};
  return fused(images, tensor(index), rows(crops, 3), rows(turns, 2), padding, mean, std) as Tensor;
}
