// An epoch of samples in batches: in which order it visits them, and where its batches begin and end.
import { requireCount } from "../../options/ranges.js";
import { ops, type Tensor } from "../../torch/index.js";
import { randomFrom } from "../random.js";
import type { Samples } from "../types.js";
import { createBatch, type LoadedBatch, type Share, shareOf } from "./batch.js";
import { prefetch } from "./prefetch.js";
import type { LoadedSamples, SampleStore } from "./store.js";

export interface BatchesOptions {
  /** The positions of samples in the data set, in this order (default: all of them). */
  readonly indices?: Int32Array;
  /** A single sample left over joins the batch before. */
  readonly batchSize: number;
  /** The epoch of the shuffle and of the augmentation (default: 0). */
  readonly epoch?: number;
  /** Shuffles the samples by this seed and the epoch (default: not shuffled). */
  readonly shuffleSeed?: number;
  /** The first batch to yield, to resume within an epoch (default: 0). */
  readonly start?: number;
  /** The rank whose share of every batch is loaded (default: all of it). */
  readonly share?: Share;
  /** Whether images that cannot be decoded are skipped, or gray (default: "skip"). */
  readonly unreadable?: "skip" | "gray";
}

/** A source of batches. Several iterations may run at once. */
export interface BatchSource extends Disposable {
  readonly samples: Samples;
  /**
   * The batches of an epoch; each is released when the next is requested. Streamed images are prefetched.
   * @throws InputError for an image that cannot be decoded, where the data was read under `strict`.
   */
  batches(options: BatchesOptions): AsyncGenerator<LoadedBatch, void, undefined>;
  /** Notes since the last call, such as on images that cannot be decoded. */
  notes(): string[];
  /** Releases its memory. */
  release(): void;
}

/** Creates network input of a batch's samples: one view of each. */
export type View = (loaded: LoadedSamples, index: Int32Array, epoch: number, view: number) => Tensor;

/** Batches of the samples in a store, of one view or two of each sample. */
export function sourceOf(samples: Samples, store: SampleStore, views: 1 | 2, view: View): BatchSource {
  async function* batches(options: BatchesOptions): AsyncGenerator<LoadedBatch, void, undefined> {
    const { batchSize, epoch = 0, start = 0, unreadable = "skip", share } = options;
    const whole = batchesOf(orderOf(samples, options), batchSize).slice(start);
    const planned = share === undefined ? whole : whole.map((index) => shareOf(index, share));
    let step = start;
    for await (using loaded of prefetch(planned, (index) => store.load(index, epoch), store.ahead)) {
      const all = planned[step - start] as Int32Array;
      const { readable } = loaded;
      const index = unreadable === "skip" ? readable : all;
      const viewOf = (index: Int32Array) => (number: number) => view(loaded, index, epoch, number);
      using batch = createBatch({
        index,
        total: share === undefined ? index.length : (whole[step - start] as Int32Array).length,
        whole: whole[step - start] as Int32Array,
        unreadable: readable === all ? none : all.filter((sample) => !readable.includes(sample)),
        allLabels: samples.labels,
        epoch,
        step: step++,
        make: (index) => (views === 1 ? viewOf(index)(0) : ops.cat([0, 1].map(viewOf(index)))),
      });
      yield batch;
    }
  }
  return { samples, batches, notes: store.notes, ...releasing(store.release) };
}

const none = new Int32Array(0);

/** `release` and `using`. */
export const releasing = (release: () => void) => ({ release, [Symbol.dispose]: release });

function orderOf({ labels }: Samples, { indices, shuffleSeed, epoch = 0 }: BatchesOptions): Int32Array {
  const all = indices ?? Int32Array.from(labels.keys());
  return shuffleSeed === undefined ? all : epochOrder(all, shuffleSeed, epoch);
}

/** The training order of an epoch: the given indices, shuffled. */
export function epochOrder(indices: Int32Array, seed: number, epoch: number): Int32Array {
  const order = randomFrom(seed, epoch, "order").permutation(indices.length);
  return order.map((position) => indices[position] as number);
}

/**
 * Where batches begin and end. One sample left over joins the batch before, because batch norm cannot train on one.
 * @throws RangeError unless the size is a whole number of at least 1.
 */
export function batchBounds(samples: number, batchSize: number): [number, number][] {
  requireCount("batchSize", batchSize);
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
