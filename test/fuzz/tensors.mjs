// @ts-check
// Tensors of all element types, shapes and ways to lie in memory, with awkward numbers among their elements.
import { ops, tensor } from "../../dist/torch/index.js";

/** @typedef {import("./random.mjs").Random} Random */
/** @typedef {import("../../dist/torch/index.js").Tensor} Tensor */
/** @typedef {import("../../dist/torch/index.js").DType} DType */

const floats = /** @type {const} */ (["float32", "float64", "bfloat16", "float16"]);
const integers = /** @type {const} */ (["int64", "int32", "uint8", "bool", "int8", "int16"]);
const smallest = /** @type {Partial<Record<DType, bigint>>} */ ({
  int64: -(2n ** 63n),
  int32: -(2n ** 31n),
  int16: -(2n ** 15n),
  int8: -128n,
});

/** @param {Random} random */
export const anyShape = (random) =>
  random.list(random.pick([0, 1, 1, 2, 2, 3, 4, 4, 5]), () => random.pick([0, 1, 1, 2, 3, 4, 5]));

/** @param {Random} random @returns {DType} */
export const anyDtype = (random) =>
  random.chance(0.75) ? random.pick(floats.slice(0, random.chance(0.7) ? 1 : 4)) : random.pick(integers);

/** @param {Random} random @param {DType} dtype */
function awkward(random, dtype) {
  if (/float/.test(dtype)) return random.pick([Number.NaN, Infinity, -Infinity, 1e30, -0, 1e-30]);
  return Number(random.pick([smallest[dtype] ?? 0n, -1n, 0n, 127n]));
}

/** @param {Random} random @param {readonly number[]} shape @param {DType} dtype @param {{ low?: number, high?: number }} range */
export function filled(random, shape, dtype, { low = -3, high = 4 } = {}) {
  const count = shape.reduce((product, size) => product * size, 1);
  const strange = random.chance(0.15);
  const values = random.list(count, () => {
    if (strange && random.chance(0.3)) return awkward(random, dtype);
    return /float/.test(dtype) ? low + (high - low) * random.float() : random.int(low, high);
  });
  return tensor(new Float64Array(values), { shape }).to(dtype);
}

/** @param {Random} random @param {Tensor} x */
function relaid(random, x) {
  const dimensions = x.shape.length;
  switch (random.int(0, 9)) {
    case 0:
      return dimensions >= 2
        ? x
            .transpose(0, dimensions - 1)
            .contiguous()
            .transpose(0, dimensions - 1)
        : x;
    case 1:
      return dimensions >= 1 ? ops.stack([x, x], { dim: dimensions }).select(dimensions, 1) : x;
    case 2:
      return dimensions === 4 ? x.contiguous({ memoryFormat: "channels_last" }) : x;
    case 3:
      return dimensions >= 1 && /** @type {number} */ (x.shape[0]) > 0 ? x.narrow(0, 0, 1).expand(x.shape) : x;
    default:
      return x;
  }
}

/**
 * A tensor of that shape, in some element type, layout and gradient mode.
 * @param {Random} random @param {readonly number[]} shape @param {{ dtype?: DType, low?: number, high?: number }} options
 */
export function someTensor(random, shape, { dtype = anyDtype(random), ...range } = {}) {
  const laid = relaid(random, filled(random, shape, dtype, range));
  if (/float/.test(dtype) && random.chance(0.4)) laid.requiresGrad = true;
  return laid;
}

/** @param {Random} random */
export const anyTensor = (random) => someTensor(random, anyShape(random));
