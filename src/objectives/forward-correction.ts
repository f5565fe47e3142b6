// Forward correction: multiplies the predictions by the noise transition matrix before comparing them with noisy labels.

import { fullPrecision } from "../torch/full-precision.js";
import { type DType, keep, noGrad, ops, scope, type Tensor, tensor } from "../torch/index.js";
import { transitionFromAnchors } from "./anchor-points.js";
import { crossEntropyLoss, flooredLog } from "./cross-entropy.js";
import { toIndices } from "./indices.js";
import { localState, type SampleState } from "./sample-state/sample-state.js";
import { updateAverages } from "./sample-targets.js";
import type { LossObjective } from "./types.js";

export interface ForwardCorrectionOptions {
  /** Number of training samples. */
  readonly samples: number;
  readonly classes: number;
  /** T, (classes, classes) row-major, T_ij = P(given label j | true class i) (default: estimated during the run). */
  readonly transition?: readonly number[] | Float64Array | undefined;
  /**
   * The first epoch, counted from 0, in which an estimated T is applied; a function if it is determined during training. A
   * given T is applied from the beginning.
   */
  readonly startEpoch?: number | (() => number);
  /** Where the predictions are kept (default: all in this process). */
  readonly state?: SampleState | undefined;
  readonly dtype?: DType;
  readonly device?: string;
}

/** -log (T^T p)_y, averaged over the batch, by logarithms: log sum_i p_i T_iy. */
function correctedLoss(logits: Tensor, labels: Tensor, transition: Tensor): Tensor {
  const logP = fullPrecision(logits).logSoftmax(1);
  const columns = noGrad(() => flooredLog(transition.t().indexSelect(0, labels)).to(logP.dtype));
  return logP.add(columns).logsumexp([1]).mean().neg();
}

/**
 * Forward correction: cross entropy between the given labels and the distribution of noisy labels that the predictions
 * imply. Logits z (batch, classes), p_i = softmax(z_i), T_ij = P(given label j | true class i).
 *
 * loss = mean_i( -log (T^T p_i)_y )
 *
 * Without a given T: plain cross entropy before `startEpoch`, while the predictions of each sample's last visit are kept; then T
 * is estimated from them by anchor points, once, over the samples visited. The authors estimate it with a network of an
 * earlier run; here it is the same run, which costs one training less.
 * @throws RangeError when T is not classes x classes, or there is no epoch before `startEpoch` to estimate it in.
 * @see Patrini et al. 2017, theorem 2 (arXiv 1609.03683)
 */
export function forwardCorrection(options: ForwardCorrectionOptions): LossObjective {
  const { samples, classes, transition: given, startEpoch = 60, state = localState } = options;
  const { dtype = "float32", device = "cpu" } = options;
  if (given !== undefined && given.length !== classes ** 2) {
    throw new RangeError(`\`transition\`: received ${given.length} entries; expected ${classes} x ${classes}`);
  }
  const start = typeof startEpoch === "function" ? startEpoch : () => startEpoch;
  if (given === undefined && !(start() >= 1)) {
    throw new RangeError(`\`startEpoch\`: received ${start()}; expected 1 or more where \`transition\` is estimated`);
  }
  // Zeros mean unknown: a transition that is not estimated yet, the predictions of a sample that was not visited.
  const transition = keep(ops.zeros([classes, classes], { dtype, device }));
  const unknown = ({ count }: { count: number }) => ops.zeros([count, classes], { dtype, device });
  const predictions = given === undefined ? state.rows(samples, unknown) : localState.rows(0, unknown);
  if (given !== undefined) scope(() => transition.copy_(tensor([...given], { shape: [classes, classes], dtype })));
  let known = given !== undefined;

  function beginEpoch(epoch: number): void {
    if (known || epoch < start()) return;
    noGrad(() => scope(() => transition.copy_(estimate())));
    known = true;
  }

  function estimate(): Tensor {
    const estimated = transitionFromAnchors(predictions);
    if (estimated !== null) return estimated;
    throw new Error(`forward: no samples were visited before epoch ${start()}; expected some to estimate T from`);
  }

  return {
    name: "forward",
    beginEpoch,
    loss(logits, { labels, index, epoch }) {
      beginEpoch(epoch);
      if (known) return correctedLoss(logits, toIndices(labels, logits.device), transition);
      const p = noGrad(() => fullPrecision(logits).softmax(1));
      updateAverages(predictions, index, p, 0);
      return crossEntropyLoss(logits, labels);
    },
    state: () => new Map(Object.entries({ transition, predictions: predictions.kept })),
    load(state) {
      noGrad(() => {
        transition.copy_(state.get("transition") as Tensor);
        predictions.kept.copy_(state.get("predictions") as Tensor);
      });
      known = Boolean(scope(() => transition.any().item()));
    },
  };
}
