// State of every training sample, a row each: in this process, or (see owned-state.ts) each row at the rank that owns it.
import { type distributed, keep, scope, type Tensor } from "../../torch/index.js";
import { type Indices, toIndices } from "../indices.js";

/** A row for every training sample, (samples, columns). */
export interface SampleRows {
  readonly samples: number;
  /** The rows that this process keeps: all of them, or the block of its rank. */
  readonly kept: Tensor;
  readonly block: distributed.Block;
  /** The rows of a batch's samples, (batch, columns). */
  read(index: Indices): Tensor;
  /** Replaces the rows of a batch's samples by a change of them, (batch, columns), and returns it. */
  update(index: Indices, change: (before: Tensor) => Tensor): Tensor;
  /** Adds to the rows of a batch's samples. */
  add(index: Indices, summands: Tensor): void;
  /**
   * One tensor of all samples, (samples, columns), of what each process makes of the rows that it keeps. All ranks call it together, outside
   * of steps.
   */
  gather(make: (kept: Tensor) => Tensor): Tensor;
  release(): void;
}

/** Keeps the rows of a training's samples. */
export interface SampleState {
  /** @param initial makes the rows of a block, (count, columns) */
  rows(samples: number, initial: (block: distributed.Block) => Tensor): SampleRows;
}

/** All rows in this process. */
export const localState: SampleState = {
  rows(samples, initial) {
    const block = { first: 0, count: samples };
    const kept = keep(scope(() => initial(block)));
    return {
      samples,
      kept,
      block,
      read: (index) => kept.indexSelect(0, toIndices(index, kept.device)),
      update(index, change) {
        const at = toIndices(index, kept.device);
        const after = change(kept.indexSelect(0, at));
        kept.indexCopy_(0, at, after);
        return after;
      },
      add: (index, summands) => void kept.indexAdd_(0, toIndices(index, kept.device), summands),
      gather: (make) => make(kept),
      release: () => kept.release(),
    };
  },
};

/** The samples of a block. */
export const samplesOf = ({ first, count }: distributed.Block): Int32Array =>
  Int32Array.from({ length: count }, (_, i) => first + i);
