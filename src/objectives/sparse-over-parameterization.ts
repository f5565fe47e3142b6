// Sparse over-parameterization: a noise term for every sample is learned together with the network.

import { requireNonNegative } from "../options/ranges.js";
import { fullPrecision } from "../torch/full-precision.js";
import { type DType, noGrad, ops, type Tensor } from "../torch/index.js";
import { type Indices, toIndices } from "./indices.js";
import { pinnedSamples } from "./pinned.js";
import { copyState } from "./representations.js";
import { normalRows } from "./sample-state/normal-rows.js";
import { localState, type SampleState, samplesOf } from "./sample-state/sample-state.js";
import { oneHotRows } from "./sample-targets.js";
import type { LossObjective } from "./types.js";

export interface SparseOverParameterizationOptions {
  /** Number of samples in the training data. */
  readonly samples: number;
  readonly classes: number;
  /** Learning rate of u. */
  readonly lrU?: number | undefined;
  /** Learning rate of v. */
  readonly lrV?: number | undefined;
  /** Samples without a noise term: their labels are right (default: none). */
  readonly pinned?: Indices | undefined;
  /** Where state of samples is kept (default: all in this process). */
  readonly state?: SampleState | undefined;
  readonly dtype?: DType;
  readonly device?: string;
}

/** Standard deviation of the values that u and v start from. */
const initialScale = 1e-8;
/** Keeps the logarithm and the division finite. */
const epsilon = 1e-4;

/**
 * Sparse over-parameterization (SOP): the network plus a sparse noise term s_i fits the given label, so that the network
 * alone fits the clean one. Logits z (n, classes), p_i = softmax(z_i), y_i one-hot, h_i one-hot at the largest z_i.
 *
 * s_i = u_i^2 y_i - v_i^2 (1 - y_i), squares at most 1;  q_i = max(p_i + s_i, 1e-4), divided by its sum
 * loss = mean_i( -log q_iy + |h_i + s_i - y_i|^2 )
 *
 * Each call also takes a step of plain gradient descent on u (samples, 1) at rate `lrU` and on v (samples, classes) at rate
 * `lrV`; v is constant in the first term, and both are constant for the network. Of `pinned` samples u and v are 0 and stay so.
 * @throws RangeError for a negative learning rate.
 * @see Liu et al. 2022 (arXiv 2202.14026) and their published code, whose rates of 10 for CIFAR-10 are the defaults
 */
export function sparseOverParameterization(options: SparseOverParameterizationOptions): LossObjective {
  const { samples, classes, lrU = 10, lrV = 10, state: keeper = localState } = options;
  const { dtype = "float32", device = "cpu" } = options;
  requireNonNegative("lrU", lrU);
  requireNonNegative("lrV", lrV);
  const initial = (columns: number) =>
    keeper.rows(samples, (block) => {
      const drawn = normalRows({ samples, columns, block, dtype, device }).mul(initialScale);
      return pinnedSamples(options.pinned).hold(samplesOf(block), ops.zerosLike(drawn), drawn);
    });
  const [u, v] = [initial(1), initial(classes)];
  const state = new Map([
    ["u", u.kept],
    ["v", v.kept],
  ]);

  return {
    name: "sop",
    loss(logits, { labels, index, total }) {
      const given = toIndices(labels, logits.device);
      const p = fullPrecision(logits).softmax(1);
      const terms = noiseTerms(u.read(index), v.read(index), oneHotRows(given, classes, p.dtype));
      const q = p.add(terms.noise).clampMin(epsilon);
      const fitted = q.div(q.sum([1], { keepdim: true })).clamp({ min: epsilon, max: 1 });
      const onLabel = fitted.gather(1, given.unsqueeze(1));

      const hard = oneHotRows(logits.detach().argmax({ dim: 1 }), classes, p.dtype);
      const residual = hard.add(terms.noise).sub(terms.label);
      noGrad(() => {
        const slopes = slopesOf(p, q, onLabel, residual, terms, total);
        u.add(index, slopes.u.mul(-lrU).to(dtype));
        v.add(index, slopes.v.mul(-lrV).to(dtype));
      });
      return onLabel
        .log()
        .neg()
        .mean()
        .add(residual.square().sum([1]).mean());
    },
    state: () => state,
    load: (from) => copyState(from, state),
  };
}

interface NoiseTerms {
  /** y, (n, classes). */
  readonly label: Tensor;
  readonly u: Tensor;
  readonly v: Tensor;
  /** s, (n, classes). */
  readonly noise: Tensor;
}

function noiseTerms(u: Tensor, v: Tensor, label: Tensor): NoiseTerms {
  const [uRow, vRow] = [u, v].map((rows) => rows.to(label.dtype)) as [Tensor, Tensor];
  const squared = (values: Tensor) => values.square().clampMax(1);
  return {
    label,
    u: uRow,
    v: vRow,
    noise: squared(uRow)
      .mul(label)
      .sub(squared(vRow).mul(label.neg().add(1))),
  };
}

/** The gradient with respect to u and v of a batch's rows, of the mean loss of n samples. Where a value is clamped its slope is 0. */
function slopesOf(
  p: Tensor,
  q: Tensor,
  onLabel: Tensor,
  residual: Tensor,
  { label, u, v, noise }: NoiseTerms,
  n = label.shape[0] as number,
) {
  const inside = (values: Tensor) => values.square().le(1).to(p.dtype);
  const moves = onLabel.gt(epsilon).mul(p.add(noise).ge(epsilon)).to(p.dtype);
  // d(-log q_y) / d(u^2), with q_y counted before the division by the sum.
  const likelihood = q.sum([1], { keepdim: true }).reciprocal().sub(q.reciprocal()).mul(moves);
  const perNoise = likelihood.mul(label).add(residual.mul(2));
  const uSlope = perNoise.mul(label).sum([1], { keepdim: true }).mul(u).mul(2).mul(inside(u));
  const vSlope = residual.mul(2).mul(label.sub(1)).mul(v).mul(2).mul(inside(v));
  return { u: uSlope.div(n), v: vSlope.div(n) };
}
