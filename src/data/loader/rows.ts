// Samples on the device, whether all of them lie there or those of a batch that was fetched.
import { keep, type Tensor, tensor } from "../../torch/index.js";
import type { HeldSamples } from "../types.js";
import type { ViewDraws } from "../views/draw.js";

/** Where samples lie: rows of `values`, (rows, ...shape) as they are stored. */
export interface Located {
  readonly values: Tensor;
  readonly rows: Int32Array;
  /** How the rest of a view is drawn, of images that are cut to it already. */
  readonly draws?: ViewDraws;
}

/** Samples that batches are taken from: `fetch`, then `locate` as often as wished, until the next `fetch`. */
export interface Rows {
  /**
   * Makes `batches[at]` ready and begins on those that follow; resolves to those of its samples that can be read.
   *
   * Throws `InputError` where one cannot and the data was read under `strict`.
   */
  fetch(batches: readonly Int32Array[], at: number, epoch?: number): Promise<Int32Array>;
  /** Where the samples at `index`, all of them fetched, lie; where views were cut, those of this number. */
  locate(index: Int32Array, view?: number): Located;
  /** What the user should be told that was found out since the last call. */
  notes(): string[];
  release(): void;
}

/** All samples, on the device until `release`. */
export function heldRows({ values, shape, labels }: HeldSamples, device: string): Rows {
  const stored = keep(tensor(values, { shape: [labels.length, ...shape], device }));
  return {
    fetch: (batches, at) => Promise.resolve(batches[at] as Int32Array),
    locate: (rows) => ({ values: stored, rows }),
    notes: () => [],
    release: () => void stored.release(),
  };
}
