// State of samples whose rows are owned by ranks: fetched from their owners before a step, and given back after it.
import {
  distributed,
  keep,
  type StoredDict,
  type StoredTensor,
  scope,
  type Tensor,
  tensor,
} from "../../torch/index.js";
import { type Indices, numbersOf } from "../indices.js";
import type { SampleRows, SampleState } from "./sample-state.js";

type Group = distributed.ProcessGroup;

/** Rows of samples, each owned by a rank. */
export interface OwnedState extends SampleState {
  readonly samples: number;
  /**
   * Fetches the rows of this rank's samples for a step. All ranks call it together.
   * @param needed the samples of each rank, none of them twice
   */
  fetch(needed: readonly Int32Array[]): Promise<void>;
  /** Gives the rows back, as the step has left them. All ranks call it together. */
  giveBack(): Promise<void>;
  /** The stored tensors; of those that are rows of all samples, this rank's block. @param current the tensors that they replace, by name */
  blocksOf(stored: StoredDict, current: ReadonlyMap<string, Tensor>): StoredDict;
  /** Whether the tensor holds rows of this rank's block. */
  owns(tensor: Tensor): boolean;
  /** Whether there are any rows. */
  readonly isUsed: boolean;
}

/** A step's plan, and where in the rows that came each sample is. */
interface StepPlan {
  readonly plan: distributed.RowPlan;
  readonly positionOf: ReadonlyMap<number, number>;
}

/** @param samples the training samples, of which each rank owns a block */
export function ownedState(group: Group, samples: number): OwnedState {
  const all = new Set<OwnedRows>();
  let step: StepPlan | null = null;
  const owns = (tensor: Tensor | undefined) => [...all].some(({ kept }) => kept === tensor);
  return {
    samples,
    rows(given, initial) {
      if (given !== samples) throw new RangeError(`rows of ${given} samples; expected one for each of ${samples}`);
      const rows = ownedRows(group, samples, initial, () => step?.positionOf ?? nowhere);
      all.add(rows);
      return {
        ...rows,
        release() {
          all.delete(rows);
          rows.release();
        },
      };
    },
    async fetch(needed) {
      if (all.size === 0) return;
      const plan = distributed.planRows(needed, samples, group);
      step = { plan, positionOf: new Map(Array.from(plan.received, (sample, position) => [sample, position])) };
      for (const rows of all) await rows.fetch(plan);
    },
    async giveBack() {
      if (step === null) return;
      for (const rows of all) await rows.giveBack(step.plan);
      step = null;
    },
    blocksOf: (stored, current) =>
      new Map(
        [...stored].map(([name, value]) => [name, owns(current.get(name)) ? blockOf(value, samples, group) : value]),
      ),
    owns,
    get isUsed() {
      return all.size > 0;
    },
  };
}

/** The rows of this rank; a tensor of another length has them already. */
function blockOf(stored: StoredTensor, samples: number, group: Group): StoredTensor {
  const [rows, ...columns] = stored.shape;
  if (rows !== samples) return stored;
  const { first, count } = distributed.blockBounds(samples, group);
  const size = stored.bytes.length / samples;
  return { ...stored, shape: [count, ...columns], bytes: stored.bytes.subarray(first * size, (first + count) * size) };
}

const nowhere: ReadonlyMap<number, number> = new Map();

interface OwnedRows extends SampleRows {
  fetch(plan: distributed.RowPlan): Promise<void>;
  giveBack(plan: distributed.RowPlan): Promise<void>;
}

function ownedRows(
  group: Group,
  samples: number,
  initial: (block: distributed.Block) => Tensor,
  positionOf: () => ReadonlyMap<number, number>,
): OwnedRows {
  const block = distributed.blockBounds(samples, group);
  const kept = keep(scope(() => initial(block)));
  let fetched: Tensor | null = null;

  /** The rows of the step, and where among them those of a batch are. */
  function located(index: Indices): { readonly rows: Tensor; readonly at: Tensor } {
    if (fetched === null) throw new Error("rows of samples are read in steps only; they are at their owners now");
    return { rows: fetched, at: tensor(positionsIn(positionOf(), index), { dtype: "int64", device: kept.device }) };
  }

  return {
    samples,
    kept,
    block,
    read(index) {
      const { rows, at } = located(index);
      return rows.indexSelect(0, at);
    },
    update(index, change) {
      const { rows, at } = located(index);
      const after = change(rows.indexSelect(0, at));
      rows.indexCopy_(0, at, after);
      return after;
    },
    add(index, summands) {
      const { rows, at } = located(index);
      rows.indexAdd_(0, at, summands);
    },
    gather: (make) => distributed.gatherRowsNow(group, [make(kept)]).tensors[0] as Tensor,
    release() {
      fetched?.release();
      kept.release();
    },
    async fetch(plan) {
      fetched = await distributed.fetchRows(group, kept, plan);
    },
    async giveBack(plan) {
      if (fetched === null) return;
      await distributed.returnRows(group, kept, plan, fetched);
      fetched.release();
      fetched = null;
    },
  };
}

/** @throws Error for a sample that was not fetched. */
function positionsIn(positionOf: ReadonlyMap<number, number>, index: Indices): Int32Array {
  return Int32Array.from(numbersOf(index), (sample) => {
    const position = positionOf.get(sample);
    if (position === undefined) throw new Error(`sample ${sample} is not among those of this rank's part of the batch`);
    return position;
  });
}
