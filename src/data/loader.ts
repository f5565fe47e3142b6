// Batches of network input from samples that lie on the device as they are stored.
import { type DType, keep, type Tensor, tensor } from "../torch/index.js";
import { type CropDraws, cropAndFlip, cropFlipNormalise, cropPadding, drawCrops } from "./augment.js";
import { randomFrom } from "./random.js";
import type { ChannelStatistics } from "./statistics.js";
import type { Samples } from "./types.js";

export interface LoaderOptions {
  readonly samples: Samples;
  /** What is subtracted and divided by, channel by channel, pixels counted from 0 to 1; in float32, as the authors do. */
  readonly normalisation: ChannelStatistics;
  readonly device: string;
  readonly dtype: DType;
}

export interface Augmentation {
  readonly seed: number;
  readonly epoch: number;
}

export interface Loader {
  /** The samples at `index`, normalised, (n, ...shape); cropped and mirrored as drawn for an epoch where one is given. */
  batch(index: Int32Array, augmentation?: Augmentation): Tensor;
  release(): void;
}

/** The training order of an epoch: the given indices, shuffled. */
export function epochOrder(indices: Int32Array, seed: number, epoch: number): Int32Array {
  const order = randomFrom(seed, epoch, "order").permutation(indices.length);
  return order.map((position) => indices[position] as number);
}

/** Where batches begin and end. One sample left over joins the batch before, because batch norm cannot learn from one. */
export function batchBounds(samples: number, batchSize: number): [number, number][] {
  const bounds: [number, number][] = [];
  for (let start = 0; start < samples; start += batchSize) bounds.push([start, Math.min(start + batchSize, samples)]);
  const last = bounds.at(-1);
  if (bounds.length > 1 && last !== undefined && last[1] - last[0] === 1) {
    bounds.pop();
    bounds[bounds.length - 1] = [(bounds.at(-1) as [number, number])[0], samples];
  }
  return bounds;
}

/** Holds the samples on the device; `batch` belongs in a scope. */
export function createLoader({ samples, normalisation, device, dtype }: LoaderOptions): Loader {
  const isImages = samples.shape.length === 3;
  const stored = keep(tensor(samples.values, { shape: [samples.labels.length, ...samples.shape], device }));
  const perChannel = (values: readonly number[]) =>
    keep(tensor([...values], { shape: channelShape(samples.shape), device }));
  const [mean, std] = [perChannel(normalisation.mean), perChannel(normalisation.std)];
  const isPixels = samples.values instanceof Uint8Array;
  const fuses = isImages && isPixels && device === "cpu" && dtype === "float32";
  const padding = cropPadding(samples.shape[1] ?? 0);
  let drawn: (Augmentation & { readonly draws: CropDraws }) | null = null;

  function drawsOf({ seed, epoch }: Augmentation): CropDraws {
    if (drawn?.epoch !== epoch || drawn.seed !== seed) {
      drawn = { seed, epoch, draws: drawCrops(seed, epoch, samples.labels.length, padding) };
    }
    return drawn.draws;
  }

  /** As the fused operator, for arrays too, on any device and in any precision. */
  function stockBatch(index: Int32Array, draws: CropDraws | null): Tensor {
    const chosen = stored.indexSelect(0, tensor(index).to(device));
    const values = draws === null ? chosen : cropAndFlip(chosen, index, draws, padding);
    const floats = isPixels ? values.to("float32").div_(255) : values;
    const normalised = floats.sub(mean).div_(std).to(dtype);
    return isImages ? normalised.contiguous({ memoryFormat: "channels_last" }) : normalised;
  }

  return {
    batch(index, augmentation) {
      const draws = augmentation === undefined ? null : drawsOf(augmentation);
      return fuses ? cropFlipNormalise(stored, index, draws, padding, mean, std) : stockBatch(index, draws);
    },
    release: () => [stored, mean, std].forEach((held) => void held.release()),
  };
}

function channelShape(shape: readonly number[]): number[] {
  return shape.length === 3 ? [1, shape[0] as number, 1, 1] : [1, ...shape];
}
