// In which order an epoch visits the samples, and where its batches begin and end.
import { randomFrom } from "../random.js";

/** The training order of an epoch: the given indices, shuffled. */
export function epochOrder(indices: Int32Array, seed: number, epoch: number): Int32Array {
  const order = randomFrom(seed, epoch, "order").permutation(indices.length);
  return order.map((position) => indices[position] as number);
}

/** Where batches begin and end. One sample left over joins the batch before, because batch norm cannot train on one. */
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

/** A batch in `count` nearly equal parts, but none of a single sample, on which batch norm cannot train. */
export function partsOf(index: Int32Array, count: number): Int32Array[] {
  const parts = Math.max(1, Math.min(count, Math.floor(index.length / 2)));
  const boundary = (i: number) => Math.floor((i * index.length) / parts);
  return Array.from({ length: parts }, (_, i) => index.subarray(boundary(i), boundary(i + 1)));
}
