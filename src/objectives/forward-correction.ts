// Forward correction: the network's answers are sent through the noise before they are compared with noisy labels.

import { fullPrecision } from "../torch/full-precision.js";
import { type DType, keep, noGrad, ops, scope, type Tensor, tensor } from "../torch/index.js";
import { transitionFromAnchors } from "./anchor-points.js";
import { crossEntropyLoss, flooredLog } from "./cross-entropy.js";
import { toIndices } from "./indices.js";
import { updateAverages } from "./sample-targets.js";
import type { LossObjective } from "./types.js";

export interface ForwardCorrectionOptions {
  /** How many samples the training data has. */
  readonly samples: number;
  readonly classes: number;
  /** T row by row: classes x classes, T_ij = P(given label j | true class i); estimated in the run unless given. */
  readonly transition?: readonly number[] | Float64Array | undefined;
  /**
   * The first epoch, counted from 0, in which an estimated T corrects, a function where it is found out while training; one
   * that is given corrects from the beginning.
   */
  readonly startEpoch?: number | (() => number);
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
 * Forward correction: cross entropy between the given labels and the distribution of noisy labels that the network's
 * answers imply. Logits z (batch, classes), p_i = softmax(z_i), T_ij = P(given label j | true class i).
 *
 * loss = mean_i( -log (T^T p_i)_y )
 *
 * Without a given T: plain cross entropy before `startEpoch`, while the answers of each sample's last visit are kept; then T
 * is estimated from them by anchor points, once, over the samples visited. The authors estimate it with a network of an
 * earlier run; here it is the same run, which costs one training less.
 * @throws RangeError when T is not classes x classes, or there is no epoch before `startEpoch` to estimate it in.
 * @see Patrini et al. 2017, theorem 2 (arXiv 1609.03683)
 */
export function forwardCorrection(options: ForwardCorrectionOptions): LossObjective {
  const { samples, classes, transition: given, startEpoch = 60, dtype = "float32", device = "cpu" } = options;
  if (given !== undefined && given.length !== classes ** 2) {
    throw new RangeError(`transition has ${classes} x ${classes} entries, received ${given.length}`);
  }
  const start = typeof startEpoch === "function" ? startEpoch : () => startEpoch;
  if (given === undefined && !(start() >= 1)) {
    throw new RangeError(`startEpoch is 1 or more where transition is estimated, received ${start()}`);
  }
  // Zeros stand for what is not known yet: a transition not estimated, the predictions of a sample not visited.
  const transition = keep(ops.zeros([classes, classes], { dtype, device }));
  const predictions = keep(ops.zeros([given === undefined ? samples : 0, classes], { dtype, device }));
  if (given !== undefined) scope(() => transition.copy_(tensor([...given], { shape: [classes, classes], dtype })));
  let known = given !== undefined;

  function estimate(): void {
    const visited = predictions.sum([1]).nonzero().squeeze(1);
    if (visited.size === 0) throw new Error(`forward: no batch came before epoch ${start()} to estimate T from`);
    transition.copy_(transitionFromAnchors(predictions.indexSelect(0, visited)));
    known = true;
  }

  return {
    name: "forward",
    loss(logits, { labels, index, epoch }) {
      if (!known && epoch >= start()) noGrad(() => scope(estimate));
      if (known) return correctedLoss(logits, toIndices(labels, logits.device), transition);
      const p = noGrad(() => fullPrecision(logits).softmax(1));
      updateAverages(predictions, toIndices(index, device), p, 0);
      return crossEntropyLoss(logits, labels);
    },
    state: () => new Map(Object.entries({ transition, predictions })),
    load(state) {
      noGrad(() => {
        transition.copy_(state.get("transition") as Tensor);
        predictions.copy_(state.get("predictions") as Tensor);
      });
      known = Boolean(scope(() => transition.any().item()));
    },
  };
}
