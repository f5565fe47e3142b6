// Checks that libtorch lacks: arguments on which these operators would crash the process or read out of bounds.
import { type ArgumentCheck, type Forms, type Operator, operator } from "../dispatch.js";
import { native } from "../native.js";
import { Tensor } from "../tensor.js";
import { withContiguousInput } from "./frozen-group-norm.js";
import { withoutOverrun } from "./strided-convolution.js";

const mostParts = 1 << 20;

/** The minimum or maximum of a tensor. */
function reduced(name: string, tensor: Tensor): number {
  const result = native.call(native.find(`aten::${name}`, ""), [tensor.handle]) as Tensor["handle"];
  const value = native.item(result);
  native.release(result);
  return Number(value);
}

function holds(value: unknown, target: number): boolean {
  if (typeof value === "number" || typeof value === "bigint") return Number(value) === target;
  if (!(value instanceof Tensor) || value.size === 0) return false;
  return reduced("min", value) <= target && reduced("max", value) >= target;
}

const isInteger = (value: unknown): boolean => (value instanceof Tensor ? /int/.test(value.dtype) : true);

/** The processor traps where the smallest integer is divided by -1: the quotient has no integer of that type. */
const division: ArgumentCheck = ({ self, other }) => {
  if (!isInteger(self) || !isInteger(other) || !holds(other, -1)) return null;
  const smallest = [-(2 ** 63), -(2 ** 31)].find((value) => value === extremeOf("min", self));
  return smallest === undefined ? null : `${BigInt(smallest)} cannot be divided by -1: the result is out of range`;
};

const roundedDivision: ArgumentCheck = (values) => (values.rounding_mode ? division(values) : null);

function extremeOf(which: "min" | "max", value: unknown): number {
  if (!(value instanceof Tensor)) return Number(value);
  return value.size === 0 ? 0 : reduced(which, value);
}

const groups: ArgumentCheck = ({ weight, groups }) => {
  const channels = Math.max(1, (weight as Tensor).shape[0] ?? 1);
  if (groups === undefined || (Number(groups) >= 1 && Number(groups) <= channels)) return null;
  return `groups is from 1 to the weight's first size, here ${channels}, received ${groups}`;
};

/** The first window's first element lies up to a dilation from the border, which must not be beyond the other one. */
const pooled: ArgumentCheck = ({ self, dilation }) => {
  const given = [dilation ?? 1].flat();
  const wrong = (self as Tensor).shape.slice(-2).find((size, side) => Number(given[side] ?? given[0]) > size);
  return wrong === undefined
    ? null
    : `dilation is at most the image's size, here ${wrong}, received ${String(dilation)}`;
};

const fourSides: ArgumentCheck = ({ padding }) => {
  const count = (padding as ArrayLike<number>).length;
  return count === undefined || count === 4
    ? null
    : `padding is four numbers (left, right, top, bottom), received ${count}`;
};

/** Output indices are divided by the scale and read there, so a scale that does not fit the output size reads out of bounds. */
const scaled: ArgumentCheck = ({ self, output_size, scales_h, scales_w }) => {
  const sizes = output_size as ArrayLike<number>;
  for (const [side, scale] of [scales_h, scales_w].entries()) {
    const input = (self as Tensor | undefined)?.shape[2 + side];
    if (scale == null || input === undefined) continue;
    const output = Number(sizes[side] ?? sizes);
    if (output === Math.floor(input * Number(scale))) continue;
    return `a scale of ${scale} makes ${Math.floor(input * Number(scale))} of ${input}, but outputSize is ${output}`;
  }
  return null;
};

const sampling: ArgumentCheck = ({ grid, interpolation_mode: mode, padding_mode: padding }) => {
  const known = [0, 1, 2];
  if (!known.includes(Number(mode)))
    return `interpolationMode is 0 (bilinear), 1 (nearest) or 2 (bicubic), received ${mode}`;
  if (!known.includes(Number(padding)))
    return `paddingMode is 0 (zeros), 1 (border) or 2 (reflection), received ${padding}`;
  if (padding === 0 || (grid as Tensor).size === 0) return null;
  const farthest = Math.max(-reduced("min", grid as Tensor), reduced("max", grid as Tensor));
  return farthest <= 1e6
    ? null
    : `border and reflection need a grid of finite points, at most 1e6 away, received ${farthest}`;
};

const dense: ArgumentCheck = ({ sparse, sparse_grad }) =>
  sparse === true || sparse_grad === true ? "sparse gradients are not supported here; leave that option out" : null;

function sizeAlong(self: unknown, dim: unknown): number {
  return (self as Tensor).shape.at(Number(dim ?? 0)) ?? 0;
}

/** Views of a single element may have any size, so the pieces are counted before they are made. */
const pieces: ArgumentCheck = ({ self, dim, split_size, chunks }) => {
  const size = sizeAlong(self, dim);
  const count =
    split_size === undefined ? Math.min(size, Number(chunks ?? size)) : size / Math.max(1, Number(split_size));
  return count > mostParts ? `at most ${mostParts} parts are made, here ${Math.ceil(count)}` : null;
};

/** The sum of the repeats is not checked for overflow, and a negative one is detected too late. */
const repetitions: ArgumentCheck = ({ self, repeats }) => {
  const least = extremeOf("min", repeats);
  if (least < 0) return `repeats are at least 0, received ${least}`;
  const count = Math.max(...[self, repeats].map((value) => (value instanceof Tensor ? value.size : 1)));
  const most = extremeOf("max", repeats);
  return count * most > Number.MAX_SAFE_INTEGER
    ? `${most} repeats of ${count} elements are more than memory holds`
    : null;
};

/** The scores of one sample need its class, which is read even where there is none. */
const classes: ArgumentCheck = ({ self, target }) => {
  const { dtype, size } = target as Tensor;
  if ((self as Tensor).shape.length !== 1 || dtype !== "int64" || size === 1) return null;
  return `scores without a batch dimension take one class, received ${size}`;
};

const elementTypes: ArgumentCheck = ({ dtype }) =>
  dtype === "bool" ? "other elements cannot be viewed as booleans; use ne(0)" : null;

const checks: ReadonlyMap<string, ArgumentCheck> = new Map(
  Object.entries({
    div: roundedDivision,
    div_: roundedDivision,
    fmod: division,
    remainder: division,
    conv1d: groups,
    conv2d: groups,
    conv_transpose2d: groups,
    max_pool2d: pooled,
    reflection_pad2d: fourSides,
    replication_pad2d: fourSides,
    upsample_nearest2d: scaled,
    upsample_bilinear2d: scaled,
    upsample_bicubic2d: scaled,
    _upsample_bicubic2d_aa: scaled,
    grid_sampler: sampling,
    embedding: dense,
    gather: dense,
    split: pieces,
    chunk: pieces,
    unbind: pieces,
    repeat_interleave: repetitions,
    nll_loss: classes,
    cross_entropy_loss: classes,
    view: elementTypes,
  }),
);

/** An operator of the public surface: as `operator`, with the argument check or workaround that it needs. */
export function checkedOperator(schemaName: string, forms: Forms): Operator {
  const checked = operator(schemaName, forms, checks.get(schemaName.replace("aten::", "")));
  if (schemaName === "aten::conv2d") return withoutOverrun(checked, operator("aten::slice", { Tensor: 1 }));
  if (schemaName === "aten::group_norm") return withContiguousInput(checked, operator("aten::contiguous", { "": 1 }));
  return checked;
}
