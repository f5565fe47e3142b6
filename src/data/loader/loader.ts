// Batches of network input from samples as they are stored, on the device or in files.
import { type DType, keep, type Tensor, tensor } from "../../torch/index.js";
import { decodePixels } from "../formats/decode-image.js";
import { randomFrom } from "../random.js";
import type { ChannelStatistics } from "../statistics.js";
import { holdsBytes, type Samples, type StreamedSamples } from "../types.js";
import { cropAndFlip, cropFlipNormalize, cropPadding, type Draws, drawCrops, drawTurns, turn } from "./augment.js";
import { heldRows, type Rows } from "./rows.js";
import { sidesOf } from "./streamed.js";
import { streamedRows } from "./streamed-rows.js";

export interface LoaderOptions {
  readonly samples: Samples;
  /** What is subtracted and divided by, channel by channel, pixels counted from 0 to 1; in float32, as the authors do. */
  readonly normalization: ChannelStatistics;
  readonly device: string;
  readonly dtype: DType;
}

/** How images are turned, cropped and mirrored, every sample by its own draws of an epoch. */
export interface Augmentation {
  readonly seed: number;
  readonly epoch: number;
  /** Whether half of the images are mirrored; they are unless said otherwise. */
  readonly flip?: boolean;
  /** Black pixels put around an image before it is cropped back to its size; an eighth of its height unless given. */
  readonly padding?: number | undefined;
  /** The degrees by which images are turned at most, either way, before they are cropped; none unless given. */
  readonly rotation?: number;
}

export interface Loader extends Rows {
  readonly samples: Samples;
  /** The samples at `index`, fetched, normalized, (n, ...shape); turned, cropped and mirrored as drawn for an epoch where one is given. */
  batch(index: Int32Array, augmentation?: Augmentation): Tensor;
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

/** All of `index` in batches of at most `batchSize`. */
export function batchesOf(index: Int32Array, batchSize: number): Int32Array[] {
  return batchBounds(index.length, batchSize).map(([start, end]) => index.subarray(start, end));
}

/** Holds the samples on the device, or streams them there; `batch` belongs in a scope, and after a `fetch` of its samples. */
export function createLoader({ samples, normalization, device, dtype }: LoaderOptions): Loader {
  const isImages = samples.shape.length === 3;
  const rows = sampleRows(samples, device);
  const perChannel = (values: readonly number[]) =>
    keep(tensor([...values], { shape: channelShape(samples.shape), device }));
  const [mean, std] = [perChannel(normalization.mean), perChannel(normalization.std)];
  const isPixels = holdsBytes(samples);
  const fuses = isImages && isPixels && device === "cpu" && dtype === "float32";
  let drawn: { readonly for: Augmentation; readonly draws: Draws } | null = null;

  function drawsOf(augmentation: Augmentation): Draws {
    if (drawn === null || !areSame(drawn.for, augmentation)) {
      drawn = { for: augmentation, draws: drawAll(augmentation, samples) };
    }
    return drawn.draws;
  }

  /** As the fused operator, for arrays too, on any device and in any precision. */
  function stockBatch(index: Int32Array, draws: Draws | null): Tensor {
    const located = rows.locate(index);
    const chosen = located.values.indexSelect(0, tensor(located.rows).to(device));
    const values = draws === null ? chosen : moved(chosen, index, draws);
    const floats = isPixels ? values.to("float32").div_(255) : values;
    const normalized = floats.sub(mean).div_(std).to(dtype);
    return isImages ? normalized.contiguous({ memoryFormat: "channels_last" }) : normalized;
  }

  function fusedBatch(index: Int32Array, draws: Draws | null): Tensor {
    const located = rows.locate(index);
    return cropFlipNormalize(located.values, located.rows, draws, mean, std, index);
  }

  return {
    ...rows,
    samples,
    batch(index, augmentation) {
      const draws = augmentation === undefined ? null : drawsOf(augmentation);
      return fuses ? fusedBatch(index, draws) : stockBatch(index, draws);
    },
    release: () => [rows, mean, std].forEach((held) => void held.release()),
  };
}

/** The samples on the device, or streamed there in full. */
export function sampleRows(samples: Samples, device: string): Rows {
  return samples.kind === "streamed" ? wholePictures(samples, device) : heldRows(samples, device);
}

/** Streamed pictures as they would lie in memory: the short side resized, the centre cropped. */
function wholePictures(samples: StreamedSamples, device: string): Rows {
  const sides = sidesOf(samples);
  const cut = async (path: string) => ({ pixels: await decodePixels(path, { channels: 3, ...sides }) });
  return streamedRows({ samples, device, ...sides, views: 1, cut });
}

function areSame(a: Augmentation, b: Augmentation): boolean {
  const keys = ["seed", "epoch", "flip", "padding", "rotation"] as const;
  return keys.every((key) => a[key] === b[key]);
}

function drawAll(
  { seed, epoch, flip = true, padding: given, rotation = 0 }: Augmentation,
  { shape, labels }: Samples,
): Draws {
  const padding = given ?? cropPadding(shape[1] ?? 0);
  const crops = drawCrops(seed, epoch, labels.length, padding, flip);
  return { crops, turns: rotation === 0 ? null : drawTurns(seed, epoch, labels.length, rotation), padding };
}

function moved(images: Tensor, index: Int32Array, { crops, turns, padding }: Draws): Tensor {
  return cropAndFlip(turns === null ? images : turn(images, index, turns), index, crops, padding);
}

function channelShape(shape: readonly number[]): number[] {
  return shape.length === 3 ? [1, shape[0] as number, 1, 1] : [1, ...shape];
}
