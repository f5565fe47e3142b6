// @ts-check
// Right calls of the operators whose arguments depend on each other: spoilt a little, they reach the kernels.
import { someTensor } from "./tensors.mjs";

/** @typedef {import("./random.mjs").Random} Random */
/** @typedef {{ values: unknown[], options?: Record<string, unknown> }} Call */

/** @param {Random} r @param {number[]} shape */
const float = (r, shape) => someTensor(r, shape, { dtype: "float32" });
/** @param {Random} r @param {number[]} shape @param {number} high */
const index = (r, shape, high) => someTensor(r, shape, { dtype: "int64", low: 0, high: Math.max(0, high - 1) });
/** @param {Random} r */
const image = (r) => [r.int(1, 2), r.int(1, 4), r.int(3, 7), r.int(3, 7)];

/** @param {Random} r @param {number} spatial @param {boolean} transposed @returns {Call} */
function convolution(r, spatial, transposed) {
  const groups = r.int(1, 2);
  const [inner, outer] = [r.int(1, 3), r.int(1, 3)];
  const input = [r.int(1, 2), inner * groups, ...r.list(spatial, () => r.int(4, 7))];
  const kernel = r.list(spatial, () => r.int(1, 3));
  const weight = transposed ? [inner * groups, outer, ...kernel] : [outer * groups, inner, ...kernel];
  const options = { bias: float(r, [outer * groups]), stride: r.int(1, 2), padding: r.int(0, 1), dilation: 1, groups };
  return {
    values: [float(r, input), float(r, weight)],
    options: transposed ? { ...options, outputPadding: 0 } : options,
  };
}

/** @param {Random} r @returns {Call} */
function normalized(r) {
  const shape = r.pick([image(r), [r.int(1, 4), r.int(1, 4)]]);
  const channels = () => float(r, [/** @type {number} */ (shape[1])]);
  return {
    values: [float(r, shape), channels(), channels(), channels(), channels(), r.chance(0.6), 0.1, 1e-5, r.chance(0.5)],
  };
}

/** @param {Random} r @param {string} kind @returns {Call} */
function indexed(r, kind) {
  const shape = r.list(r.int(1, 3), () => r.int(1, 4));
  const dim = r.int(0, shape.length - 1);
  const size = /** @type {number} */ (shape[dim]);
  const count = r.int(0, 4);
  const selected = shape.map((length, i) => (i === dim ? count : length));
  const places = index(r, kind === "same" ? selected : [count], size);
  const source = float(r, selected);
  return {
    values: [
      float(r, shape),
      dim,
      places,
      ...(kind === "select" || kind === "gather" ? [] : [kind === "fill" ? 1 : source]),
    ],
  };
}

/** @param {Random} r @returns {Call} */
function gathered(r) {
  const call = indexed(r, "same");
  return { values: call.values.slice(0, 3) };
}

/** @param {Random} r @param {boolean[]} middle @returns {Call} */
function resized(r, ...middle) {
  const shape = image(r);
  const [scalesH, scalesW] = [r.pick([0.5, 1, 1.5]), r.pick([0.7, 2])];
  const size = [Math.floor(Number(shape[2]) * scalesH), Math.floor(Number(shape[3]) * scalesW)];
  return { values: [float(r, shape), size, ...middle], options: { scalesH, scalesW } };
}

/** @param {Random} r @param {string[]} dtypes @returns {Call} */
function integers(r, dtypes = ["int64", "int32", "int16", "int8", "uint8"]) {
  const dtype = /** @type {"int64"} */ (r.pick(dtypes));
  const shape = r.list(r.int(0, 2), () => r.int(1, 20));
  return { values: [someTensor(r, shape, { dtype }), someTensor(r, shape, { dtype })] };
}

/** @type {Record<string, (r: Random) => Call>} */
export const validCalls = {
  conv1d: (r) => convolution(r, 1, false),
  conv2d: (r) => convolution(r, 2, false),
  conv_transpose2d: (r) => convolution(r, 2, true),
  batch_norm: normalized,
  layer_norm: (r) => {
    const shape = image(r);
    const last = shape.slice(r.int(0, 3));
    return { values: [float(r, shape), last], options: { weight: float(r, last), bias: float(r, last) } };
  },
  group_norm: (r) => {
    const groups = r.int(1, 3);
    const channels = groups * r.int(1, 2);
    return {
      values: [float(r, [2, channels, 3, 3]), groups],
      options: { weight: float(r, [channels]), bias: float(r, [channels]) },
    };
  },
  max_pool2d: (r) => ({
    values: [float(r, image(r)), r.int(1, 3)],
    options: { stride: r.int(1, 3), padding: r.int(0, 1), dilation: r.int(1, 2), ceilMode: r.chance(0.5) },
  }),
  avg_pool2d: (r) => ({
    values: [float(r, image(r)), r.int(1, 3)],
    options: {
      stride: r.int(1, 3),
      padding: r.int(0, 1),
      ceilMode: r.chance(0.5),
      countIncludePad: r.chance(0.5),
      divisorOverride: r.pick([null, 2]),
    },
  }),
  adaptive_avg_pool2d: (r) => ({ values: [float(r, image(r)), [r.int(0, 4), r.int(1, 4)]] }),
  adaptive_max_pool2d: (r) => ({ values: [float(r, image(r)), [r.int(0, 4), r.int(1, 4)]] }),
  reflection_pad2d: (r) => ({ values: [float(r, image(r)), r.list(4, () => r.int(-1, 2))] }),
  replication_pad2d: (r) => ({ values: [float(r, image(r)), r.list(4, () => r.int(-1, 2))] }),
  constant_pad_nd: (r) => ({ values: [float(r, image(r)), r.list(r.pick([2, 4, 6]), () => r.int(-1, 2))] }),
  upsample_nearest2d: (r) => resized(r),
  upsample_bilinear2d: (r) => resized(r, r.chance(0.5)),
  upsample_bicubic2d: (r) => resized(r, r.chance(0.5)),
  grid_sampler: (r) => ({
    values: [float(r, [2, 2, 4, 4]), float(r, [2, 3, 3, 2]), r.int(0, 2), r.int(0, 2), r.chance(0.5)],
  }),
  affine_grid_generator: (r) => ({ values: [float(r, [2, 2, 3]), [2, 1, r.int(1, 4), r.int(1, 4)], r.chance(0.5)] }),
  embedding: (r) => ({
    values: [float(r, [4, 3]), index(r, [r.int(0, 5)], 4)],
    options: { paddingIdx: r.pick([-1, 0, 3]), scaleGradByFreq: r.chance(0.5), sparse: r.chance(0.3) },
  }),
  nll_loss: (r) => ({
    values: [float(r, [4, 3]), index(r, [4], 3)],
    options: { weight: float(r, [3]), reduction: r.int(0, 2) },
  }),
  cross_entropy_loss: (r) => ({
    values: [float(r, [4, 3, 2]), r.chance(0.5) ? index(r, [4, 2], 3) : float(r, [4, 3, 2])],
    options: { weight: float(r, [3]), reduction: r.int(0, 2), labelSmoothing: r.pick([0, 0.1]) },
  }),
  kl_div: (r) => ({ values: [float(r, [3, 2]), float(r, [3, 2])], options: { reduction: r.int(0, 2) } }),
  binary_cross_entropy: (r) => ({
    values: [
      someTensor(r, [3], { dtype: "float32", low: 0, high: 1 }),
      someTensor(r, [3], { dtype: "float32", low: 0, high: 1 }),
    ],
    options: { weight: float(r, [3]), reduction: r.int(0, 2) },
  }),
  one_hot: (r) => ({ values: [index(r, [3], 4)], options: { numClasses: r.pick([-1, 4]) } }),
  bincount: (r) => ({ values: [index(r, [5], 6)], options: { weights: float(r, [5]), minlength: r.int(0, 8) } }),
  gather: gathered,
  take_along_dim: (r) => {
    const { values } = gathered(r);
    return { values: [values[0], values[2]], options: { dim: values[1] } };
  },
  index_select: (r) => indexed(r, "select"),
  index_fill: (r) => indexed(r, "fill"),
  index_fill_: (r) => indexed(r, "fill"),
  index_copy: (r) => indexed(r, "copy"),
  index_copy_: (r) => indexed(r, "copy"),
  index_add: (r) => indexed(r, "copy"),
  index_add_: (r) => indexed(r, "copy"),
  scatter: (r) => indexed(r, "same"),
  scatter_: (r) => indexed(r, "same"),
  scatter_add: (r) => indexed(r, "same"),
  scatter_add_: (r) => indexed(r, "same"),
  repeat_interleave: (r) => ({
    values: [float(r, [3, 2]), index(r, [3], 4)],
    options: { dim: 0, outputSize: r.pick([undefined, 3]) },
  }),
  masked_select: (r) => ({ values: [float(r, [3, 4]), someTensor(r, [3, 4], { dtype: "bool", low: 0, high: 1 })] }),
  where: (r) => ({
    values: [someTensor(r, [3, 4], { dtype: "bool", low: 0, high: 1 }), float(r, [3, 4]), float(r, [4])],
  }),
  multinomial: (r) => ({ values: [someTensor(r, [2, 4], { dtype: "float32", low: 0, high: 1 }), r.int(1, 3)] }),
  topk: (r) => ({ values: [float(r, [3, 4]), r.int(1, 4)], options: { dim: r.int(-2, 1), sorted: r.chance(0.5) } }),
  kthvalue: (r) => ({ values: [float(r, [3, 4]), r.int(1, 3)] }),
  median: (r) => ({ values: [float(r, [3, 4]), r.int(0, 1)] }),
  sort: (r) => ({ values: [float(r, [3, 20])], options: { dim: r.int(-2, 1), descending: r.chance(0.5) } }),
  unique_dim: (r) => ({ values: [index(r, image(r), 2), r.int(0, 3)], options: { returnInverse: r.chance(0.5) } }),
  unfold: (r) => ({ values: [float(r, [6, 5]), r.int(0, 1), r.int(1, 4), r.int(1, 2)] }),
  einsum: (r) => ({
    values: ["bij,bjk->bik", [float(r, [2, 3, 4]), float(r, [2, 4, 2])]],
    options: { path: r.pick([null, [0, 1], [1, 0]]) },
  }),
  matmul: (r) => ({ values: [float(r, [2, 3, 4]), float(r, [4, 2])] }),
  addmm: (r) => ({ values: [float(r, [2]), float(r, [3, 4]), float(r, [4, 2])] }),
  baddbmm: (r) => ({ values: [float(r, [2]), float(r, [2, 3, 4]), float(r, [2, 4, 2])] }),
  linear: (r) => ({ values: [float(r, [3, 4]), float(r, [2, 4])], options: { bias: float(r, [2]) } }),
  div: (r) => ({ ...integers(r), options: { roundingMode: r.pick(["floor", "trunc"]) } }),
  div_: (r) => ({ ...integers(r), options: { roundingMode: r.pick(["floor", "trunc"]) } }),
  fmod: (r) => integers(r),
  remainder: (r) => integers(r),
  pow: (r) => integers(r),
  cumsum: (r) => ({ values: [float(r, [3, 4]), r.int(-2, 1)] }),
  cumprod: (r) => ({ values: [float(r, [3, 4]), r.int(-2, 1)] }),
  prod: (r) => ({ values: [float(r, [3, 4]), r.int(-2, 1)] }),
  softmax: (r) => ({ values: [float(r, [3, 4]), r.int(-2, 1)] }),
  log_softmax: (r) => ({ values: [float(r, [3, 4]), r.int(-2, 1)] }),
  std_mean: (r) => ({ values: [float(r, image(r)), [0, 2]], options: { correction: r.int(0, 2) } }),
  linalg_vector_norm: (r) => ({
    values: [float(r, image(r))],
    options: { ord: r.pick([0, 1, 2, Infinity, -1, 0.5]), dim: [1, 2] },
  }),
  roll: (r) => ({ values: [float(r, [3, 4]), [1, -1]], options: { dims: [0, 1] } }),
  split: (r) => ({ values: [float(r, [6, 2]), r.pick([2, [1, 5]])] }),
  cosine_similarity: (r) => ({ values: [float(r, [3, 4]), float(r, [3, 4])], options: { dim: r.int(0, 1) } }),
  diag_embed: (r) => ({ values: [float(r, [3, 4])], options: { offset: r.int(-2, 2), dim1: -2, dim2: -1 } }),
  diagonal: (r) => ({ values: [float(r, [3, 4])], options: { offset: r.int(-3, 4) } }),
  cat: (r) => ({ values: [[float(r, [3, 4]), float(r, [2, 4])]], options: { dim: 0 } }),
  dropout: (r) => ({ values: [float(r, [3, 4]), r.float(), true] }),
  feature_dropout: (r) => ({ values: [float(r, image(r)), r.float(), true] }),
};
