// Estimates the transition matrix of label noise from the predictions of a network trained on the noisy labels.
import type { Tensor } from "../torch/index.js";

/** An anchor is the sample just below this percentile; those above it may be outliers. */
const percentile = 0.97;

/**
 * The transition matrix T (classes, classes), T_ij = P(given label j | true class i), from the predictions p (n, classes)
 * of a network that was trained on the given labels.
 *
 * T_ij = p_kj for the anchor k of class i: the sample of the largest p_ki below the 97th percentile (rounded up to a
 * sample) over all samples. Rows are divided by their sums.
 * @see Patrini et al. 2017, equations 12 and 13 (arXiv 1609.03683); the percentile is their code's, for CIFAR
 */
export function transitionFromAnchors(predictions: Tensor): Tensor {
  const samples = predictions.shape[0] as number;
  const rank = Math.max(1, Math.ceil(percentile * (samples - 1)));
  const [, anchors] = predictions.kthvalue(rank, { dim: 0 });
  const rows = predictions.indexSelect(0, anchors);
  return rows.div(rows.sum([1], { keepdim: true }));
}
