// A batch of samples.
import { keep, scope, type Tensor } from "../../torch/index.js";

/** The samples of one step. It owns its tensor, which is released when the next batch is requested. */
export interface LoadedBatch extends Disposable {
  /** The position of each sample in the data set. */
  readonly index: Int32Array;
  /** The label of each sample; -1 for one without. */
  readonly labels: Int32Array;
  /** Network input, (n, ...shape), normalized; with two views (2 n, ...shape), all first views before all second ones. */
  readonly images: Tensor;
  /** Counted from 0, as is `step`, the position of the batch in its epoch. */
  readonly epoch: number;
  readonly step: number;
  /** The samples of the batch that cannot be decoded. */
  readonly unreadable: Int32Array;
  /** The samples of the whole step, of which this may be one rank's share. */
  readonly total: number;
  /** These samples, those that cannot be decoded included. */
  readonly whole: Int32Array;
  /** The batch in `count` nearly equal parts, to accumulate gradients over; each is released when the next is requested. */
  parts(count: number): Generator<LoadedBatch, void, undefined>;
}

export interface BatchContents
  extends Pick<LoadedBatch, "index" | "epoch" | "step" | "unreadable" | "total" | "whole"> {
  /** The labels of all samples of the data set. */
  readonly allLabels: Int32Array;
  /** Creates the network input of samples of the batch, in the current scope. */
  readonly make: (index: Int32Array) => Tensor;
}

/** A batch whose images are created when they are first accessed. */
export function createBatch(contents: BatchContents): LoadedBatch {
  const { index, epoch, step, unreadable, total, whole, allLabels, make } = contents;
  let images: Tensor | null = null;
  return {
    index,
    epoch,
    step,
    unreadable,
    total,
    whole,
    labels: index.map((sample) => allLabels[sample] as number),
    get images() {
      images ??= scope(() => keep(make(index)));
      return images;
    },
    *parts(count) {
      for (const part of partsOf(index, count)) {
        using batch = createBatch({ ...contents, index: part });
        yield batch;
      }
    },
    [Symbol.dispose]() {
      images?.release();
      images = null;
    },
  };
}

/** A batch in `count` nearly equal parts, but none of a single sample, on which batch norm cannot train; none of no samples. */
export function partsOf(index: Int32Array, count: number): Int32Array[] {
  if (index.length === 0) return [];
  const parts = Math.max(1, Math.min(count, Math.floor(index.length / 2)));
  const boundary = (i: number) => Math.floor((i * index.length) / parts);
  return Array.from({ length: parts }, (_, i) => index.subarray(boundary(i), boundary(i + 1)));
}

/** One of the ranks that share every batch; each takes `parts` parts of it. */
export interface Share {
  readonly rank: number;
  readonly world: number;
  readonly parts: number;
}

/** The samples of a batch that a rank trains on: consecutive parts of all; none where a batch is too small for every rank. */
export function shareOf(index: Int32Array, { rank, world, parts }: Share): Int32Array {
  const own = partsOf(index, world * parts).slice(rank * parts, (rank + 1) * parts);
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) return index.subarray(0, 0);
  const start = (first.byteOffset - index.byteOffset) / index.BYTES_PER_ELEMENT;
  const end = (last.byteOffset - index.byteOffset) / index.BYTES_PER_ELEMENT + last.length;
  return index.subarray(start, end);
}
