// Estimates the transition matrix of label noise from the predictions of a network trained on the noisy labels.
import { ops, type Tensor } from "../torch/index.js";
import { numbersOf, toIndices } from "./indices.js";
import type { SampleRows } from "./sample-state/sample-state.js";

/** An anchor is the sample just below this percentile; those above it may be outliers. */
const percentile = 0.97;

/**
 * The transition matrix T (classes, classes), T_ij = P(given label j | true class i), from the predictions p (n, classes)
 * of a network that was trained on the given labels. Rows of zeros are samples without predictions; null where all are.
 *
 * T_ij = p_kj for the anchor k of class i: the sample of the largest p_ki below the 97th percentile (rounded up to a
 * sample) over all samples. Rows are divided by their sums.
 * @see Patrini et al. 2017, equations 12 and 13 (arXiv 1609.03683); the percentile is their code's, for CIFAR
 */
export function transitionFromAnchors(predictions: SampleRows): Tensor | null {
  const [, classes = 0] = predictions.kept.shape;
  const sums = predictions.gather((kept) => kept.sum([1], { keepdim: true }));
  const known = sums.squeeze(1).nonzero().squeeze(1);
  if (known.size === 0) return null;
  const anchors = Array.from({ length: classes }, (_, i) => {
    const column = predictions.gather((kept) => kept.narrow(1, i, 1)).squeeze(1);
    return known.indexSelect(0, anchorIn(column.indexSelect(0, known)));
  });
  const rows = rowsAt(predictions, ops.cat(anchors));
  return rows.div(rows.sum([1], { keepdim: true }));
}

/** The position of the anchor among the predictions of one class, (1). */
function anchorIn(column: Tensor): Tensor {
  const rank = Math.max(1, Math.ceil(percentile * (column.size - 1)));
  const [, anchor] = column.kthvalue(rank);
  return anchor.reshape([1]);
}

/** The rows of some samples, which other ranks may keep. */
function rowsAt({ gather, block }: SampleRows, samples: Tensor): Tensor {
  const [ascending, order] = samples.sort();
  const { first, count } = block;
  const own = numbersOf(ascending).filter((sample) => sample >= first && sample < first + count);
  const rows = gather((kept) => kept.indexSelect(0, toPositions(own, first, kept)));
  return rows.indexSelect(0, order.argsort());
}

const toPositions = (samples: readonly number[], first: number, { device }: Tensor) =>
  toIndices(
    samples.map((sample) => sample - first),
    device,
  );
