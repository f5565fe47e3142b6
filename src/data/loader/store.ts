// Stored samples: on the device, or decoded from their files batch by batch.
import { keep, type Tensor, tensor } from "../../torch/index.js";
import type { HeldSamples } from "../types.js";
import type { ViewDraws } from "../views/draw.js";

/** The location of samples: rows of `values`, (rows, ...shape), as they are stored. */
export interface Located {
  readonly values: Tensor;
  readonly rows: Int32Array;
  /** The draws of the remaining steps of a view, of images that are cropped already. */
  readonly draws?: ViewDraws;
}

/** The samples of one batch, until they are disposed of. */
export interface LoadedSamples extends Disposable {
  /** Those that can be decoded, in the batch's order. */
  readonly readable: Int32Array;
  /** The location of some of the batch's samples, in one of the views. */
  locate(index: Int32Array, view: number): Located;
}

export interface SampleStore {
  /**
   * Loads the samples of a batch.
   * @throws InputError for an image that cannot be decoded, where the data was read under `strict`.
   */
  load(index: Int32Array, epoch: number): Promise<LoadedSamples>;
  /** How many batches to load before they are needed. */
  readonly ahead: number;
  /** Notes since the last call, such as on images that cannot be decoded. */
  notes(): string[];
  release(): void;
}

/** All samples on the device, until `release`, without those that could not be read. */
export function heldStore(
  { values, shape, labels }: HeldSamples,
  device: string,
  unreadable: Int32Array = new Int32Array(),
): SampleStore {
  const absent = new Set(unreadable);
  const readableOf = (index: Int32Array) => (absent.size === 0 ? index : index.filter((sample) => !absent.has(sample)));
  const stored = keep(tensor(values, { shape: [labels.length, ...shape], device }));
  const locate = (rows: Int32Array): Located => ({ values: stored, rows });
  return {
    load: (index) => Promise.resolve({ readable: readableOf(index), locate, [Symbol.dispose]: () => {} }),
    ahead: 0,
    notes: () => [],
    release: () => void stored.release(),
  };
}
