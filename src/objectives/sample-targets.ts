// Soft targets of every training sample, which begin at its label and follow the network's predictions; and the running
// averages that other methods keep in the same way.

import { option } from "../options/index.js";
import { requireFraction } from "../options/ranges.js";
import { type DType, noGrad, ops, type Tensor } from "../torch/index.js";
import { countOf, type Indices, numbersOf, toIndices } from "./indices.js";
import { pinnedSamples } from "./pinned.js";
import { copyState } from "./representations.js";
import { localState, type SampleRows, type SampleState } from "./sample-state/sample-state.js";

export interface SampleTargetsOptions {
  /** The given label of every training sample, in data set order. */
  readonly labels: Indices;
  readonly classes: number;
  /** The fraction of a target that an update leaves in place (default: 0.9); a function if it is determined during training. */
  readonly momentum?: number | (() => number) | undefined;
  /** Samples whose targets stay at their labels (default: none). */
  readonly pinned?: Indices | undefined;
  /** Where they are kept: `sampleState` of a method's context (default: all in this process). */
  readonly state?: SampleState | undefined;
  /** (default: "float32") */
  readonly dtype?: DType | undefined;
  /** (default: "cpu") */
  readonly device?: string | undefined;
}

export interface SampleTargets {
  /** t, (samples, classes), for the caller to release; of several ranks, the rows of this one. */
  readonly values: Tensor;
  readonly rows: SampleRows;
  /** Moves the targets of a batch's samples; returns them as they are then, (batch, classes), without a gradient. */
  update(index: Indices, probabilities: Tensor): Tensor;
  /** The state to save for an exact resume. */
  state(): Map<string, Tensor>;
  load(state: ReadonlyMap<string, Tensor>): void;
}

/**
 * Targets for a custom loss: t_i starts as the one-hot label; each update is t_i <- m t_i + (1 - m) p_i.
 *
 * ```ts
 * const targets = sampleTargets({ labels: train.labels, classes: 10, momentum: 0.9 });
 * const loss = targets.update(index, logits.softmax(1)).mul(logits.logSoftmax(1)).sum([1]).mean().neg();
 * ```
 * @throws RangeError when the momentum is not from 0 to 1, and for a label or a pinned sample that there is not.
 * @see Huang et al. 2020, algorithm 1 (arXiv 2002.10319)
 */
export function sampleTargets(options: SampleTargetsOptions): SampleTargets {
  const { labels, classes, momentum = 0.9, dtype = "float32", device = "cpu" } = options;
  if (typeof momentum === "number") requireFraction("momentum", momentum);
  requireBelow("labels", labels, classes);
  requireBelow("pinned", options.pinned ?? [], countOf(labels));
  const kept = typeof momentum === "function" ? momentum : () => momentum;
  const pinned = pinnedSamples(options.pinned);
  const rows = (options.state ?? localState).rows(countOf(labels), ({ first, count }) =>
    oneHotRows(toIndices(labels, device).narrow(0, first, count), classes, dtype),
  );
  const values = rows.kept;
  return {
    values,
    rows,
    update: (index, probabilities) => updateAverages(rows, index, probabilities, kept(), pinned),
    state: () => new Map([["targets", values]]),
    load: (from) => copyState(from, new Map([["targets", values]])),
  };
}

function requireBelow(name: string, values: Indices, limit: number): void {
  const numbers = numbersOf(values);
  const at = numbers.findIndex((value) => !(Number.isInteger(value) && value >= 0 && value < limit));
  if (at < 0) return;
  throw new RangeError(`${option(`${name}[${at}]`)}: received ${numbers[at]}; expected 0 to ${limit - 1}`);
}

/** One-hot rows, (n, classes), written in place: no temporary copy is allocated. */
export function oneHotRows(labels: Tensor, classes: number, dtype: DType): Tensor {
  const rows = ops.zeros([labels.size, classes], { dtype, device: labels.device });
  return rows.scatter_(1, labels.unsqueeze(1), 1);
}

const nothingPinned = pinnedSamples();

/**
 * a_i <- m a_i + (1 - m) v_i for the rows i of `averages` (n, classes) that a batch visits, but for pinned ones; returns those
 * rows as they are then, (batch, classes), of the averages' element type. No gradient flows.
 */
export function updateAverages(
  averages: SampleRows,
  index: Indices,
  values: Tensor,
  momentum: number,
  pinned = nothingPinned,
): Tensor {
  return noGrad(() =>
    averages.update(index, (before) => {
      const moved = before.mul(momentum).add_(values.to(before.dtype), { alpha: 1 - momentum });
      return pinned.hold(index, before, moved);
    }),
  );
}
