// Network input from stored samples: augmented (rotated, cropped, flipped) where there are draws, and normalized.
import { type DType, keep, type Tensor, tensor } from "../../torch/index.js";
import { normalizationOf } from "../pixel-range.js";
import type { ChannelStatistics } from "../statistics.js";
import { type HeldSamples, holdsBytes, type Samples } from "../types.js";
import {
  type AugmentationDraws,
  cropAndFlip,
  cropFlipNormalize,
  cropPadding,
  drawCrops,
  drawRotations,
  rotate,
} from "./augment.js";
import type { Located } from "./store.js";

export interface InputOptions {
  readonly samples: Samples;
  /** Mean and deviation of each channel, pixels counting from 0 to 1; applied in float32, as the authors do. */
  readonly normalization: ChannelStatistics;
  readonly device: string;
  readonly dtype: DType;
}

/** Creates network input, augmented by the samples' draws where there are some. */
export type Input = (located: Located, index: Int32Array, draws: AugmentationDraws | null) => Tensor;

/** Network input; images in channels_last. One fused operator on the CPU, libtorch's operators elsewhere, with the same result. */
export function createInput({ samples, normalization, device, dtype }: InputOptions) {
  const isImages = samples.shape.length === 3;
  const isPixels = holdsBytes(samples);
  const perChannel = (values: readonly number[]) =>
    keep(tensor([...values], { shape: channelShape(samples.shape), device }));
  const statistics = normalizationOf(normalization, samples);
  const [mean, std] = [perChannel(statistics.mean), perChannel(statistics.std)];

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

/** Samples in memory as one network input, (n, ...shape), created in the current scope. */
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
  /** Black padding in pixels before an image is cropped back to its size (default: an eighth of its smaller side). */
  readonly padding?: number | undefined;
  /** The largest rotation in degrees, either way, before the crop (default: 0). */
  readonly rotation?: number | undefined;
}

/** The draws of an epoch for all samples; cached until another epoch is requested. */
export function cropDraws({ shape, labels }: Samples, options: CropOptions): (epoch: number) => AugmentationDraws {
  const { seed, flip = true, padding = cropPadding(Math.min(...shape.slice(1))), rotation = 0 } = options;
  let drawn: { readonly epoch: number; readonly draws: AugmentationDraws } | null = null;
  const draw = (epoch: number): AugmentationDraws => ({
    crops: drawCrops(seed, epoch, labels.length, padding, flip),
    rotations: rotation === 0 ? null : drawRotations(seed, epoch, labels.length, rotation),
    padding,
  });
  return (epoch) => {
    if (drawn?.epoch !== epoch) drawn = { epoch, draws: draw(epoch) };
    return drawn.draws;
  };
}

function cropped(images: Tensor, index: Int32Array, { crops, rotations, padding }: AugmentationDraws): Tensor {
  return cropAndFlip(rotations === null ? images : rotate(images, index, rotations), index, crops, padding);
}

function channelShape(shape: readonly number[]): number[] {
  return shape.length === 3 ? [1, shape[0] as number, 1, 1] : [1, ...shape];
}
