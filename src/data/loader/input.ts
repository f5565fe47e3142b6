// Network input from samples as they are stored: normalized, and where there is augmentation rotated, cropped and flipped.
import { type DType, keep, type Tensor, tensor } from "../../torch/index.js";
import type { ChannelStatistics } from "../statistics.js";
import { type HeldSamples, holdsBytes, type Samples } from "../types.js";
import { cropAndFlip, cropFlipNormalize, cropPadding, type Draws, drawCrops, drawTurns, turn } from "./augment.js";
import type { Located } from "./store.js";

export interface InputOptions {
  readonly samples: Samples;
  /** Subtracted and divided by, channel by channel, pixels counted from 0 to 1; in float32, as the authors do. */
  readonly normalization: ChannelStatistics;
  readonly device: string;
  readonly dtype: DType;
}

/** Makes network input of samples, by their draws where there are some. */
export type Input = (located: Located, index: Int32Array, draws: Draws | null) => Tensor;

/** Network input; images in channels_last. On the CPU one operator makes all of it, elsewhere libtorch's, with the same result. */
export function createInput({ samples, normalization, device, dtype }: InputOptions) {
  const isImages = samples.shape.length === 3;
  const isPixels = holdsBytes(samples);
  const perChannel = (values: readonly number[]) =>
    keep(tensor([...values], { shape: channelShape(samples.shape), device }));
  const [mean, std] = [perChannel(normalization.mean), perChannel(normalization.std)];

  const fused: Input = ({ values, rows }, index, draws) => cropFlipNormalize(values, rows, draws, mean, std, index);
  const stock: Input = ({ values, rows }, index, draws) => {
    const chosen = values.indexSelect(0, tensor(rows).to(device));
    const augmented = draws === null ? chosen : cropped(chosen, index, draws);
    const floats = isPixels ? augmented.to("float32").div_(255) : augmented;
    const normalized = floats.sub(mean).div_(std).to(dtype);
    return isImages ? normalized.contiguous({ memoryFormat: "channels_last" }) : normalized;
  };
  const fuses = isImages && isPixels && device === "cpu" && dtype === "float32";
  return { input: fuses ? fused : stock, release: () => [mean, std].forEach((held) => void held.release()) };
}

/** Samples in memory as one network input, (n, ...shape), made in the scope that is open. */
export function networkInput({ samples, ...options }: InputOptions & { readonly samples: HeldSamples }): Tensor {
  const { input, release } = createInput({ samples, ...options });
  const { values, shape, labels } = samples;
  const rows = Int32Array.from(labels.keys());
  const stored = tensor(values, { shape: [labels.length, ...shape], device: options.device });
  try {
    return input({ values: stored, rows }, rows, null);
  } finally {
    release();
  }
}

/** How images are rotated, cropped and flipped. */
export interface CropOptions {
  readonly seed: number;
  /** Whether half of the images are flipped (default: true). */
  readonly flip?: boolean;
  /** Black pixels put around an image before it is cropped back to its size (default: an eighth of its height). */
  readonly padding?: number | undefined;
  /** Images are rotated by at most so many degrees, either way, before they are cropped (default: 0). */
  readonly rotation?: number | undefined;
}

/** The draws of an epoch for all samples; kept until another epoch is asked for. */
export function cropDraws({ shape, labels }: Samples, options: CropOptions): (epoch: number) => Draws {
  const { seed, flip = true, padding = cropPadding(shape[1] ?? 0), rotation = 0 } = options;
  let drawn: { readonly epoch: number; readonly draws: Draws } | null = null;
  const draw = (epoch: number): Draws => ({
    crops: drawCrops(seed, epoch, labels.length, padding, flip),
    turns: rotation === 0 ? null : drawTurns(seed, epoch, labels.length, rotation),
    padding,
  });
  return (epoch) => {
    if (drawn?.epoch !== epoch) drawn = { epoch, draws: draw(epoch) };
    return drawn.draws;
  };
}

function cropped(images: Tensor, index: Int32Array, { crops, turns, padding }: Draws): Tensor {
  return cropAndFlip(turns === null ? images : turn(images, index, turns), index, crops, padding);
}

function channelShape(shape: readonly number[]): number[] {
  return shape.length === 3 ? [1, shape[0] as number, 1, 1] : [1, ...shape];
}
