// @ts-check
// Arguments: of the wrong kind, and of the right kind with any contents.
import { Generator } from "../../dist/torch/index.js";
import { anyDtype, anyShape, anyTensor, someTensor } from "./tensors.mjs";

/** @typedef {import("./random.mjs").Random} Random */

const strings = [
  "",
  "float32",
  "none",
  "cpu",
  "cuda",
  "cuda:7",
  "ij,jk->ik",
  "ii",
  "mean",
  "floor",
  "trunc",
  "same",
  "valid",
  "channels_last",
  "preserve",
  "strided",
  "tanh",
  "add",
  "multiply",
  "\u0000",
  "é".repeat(300),
  "...,...->",
  "constructor",
];

/** Kinds of names that are counts of something that is then made: large ones would be legal, and slow. */
const counts =
  /^(size|n|m|steps|end|start|high|low|sections|repeats|num_|minlength|output_size|pad|shape|to|from|split_size|chunks|padding|output_padding|length)/;

/** @param {Random} random @param {string} name */
export function anyInt(random, name = "") {
  if (random.chance(0.85)) return random.int(-3, 5);
  const huge = [
    2 ** 40,
    -(2 ** 40),
    Number.MAX_SAFE_INTEGER,
    -Number.MAX_SAFE_INTEGER,
    2n ** 62n,
    2n ** 63n - 1n,
    -(2n ** 63n),
    60,
    -60,
  ];
  return random.pick(counts.test(name) ? huge : [...huge, 2 ** 31, -(2 ** 31), 2 ** 31 - 1, 2 ** 32, 2 ** 32 + 1, 300]);
}

/** @param {Random} random */
export function anyFloat(random) {
  if (random.chance(0.8)) return random.pick([0, 0.5, 1, -1, 2, random.float(), random.float() * 10 - 5]);
  return random.pick([Number.NaN, Infinity, -Infinity, 1e308, -1e308, 1e-308, -0, 1e-30]);
}

/** @param {Random} random @param {number} depth @returns {unknown} */
export function garbage(random, depth = 0) {
  const makers = [
    () => null,
    () => undefined,
    () => random.chance(0.5),
    () => anyInt(random),
    () => anyFloat(random),
    () => random.pick(strings),
    () => random.pick([2n ** 64n, -(2n ** 70n), 10n ** 400n, 5n]),
    () => Symbol("wrong"),
    () => () => 1,
    () => ({
      [random.pick(["alpha", "dim", "dtype", "__proto__", "device", "generator", "x"])]:
        depth > 2 ? 1 : garbage(random, depth + 1),
    }),
    () =>
      new Proxy([], {
        get: () => {
          throw new Error("a trap");
        },
      }),
    () => new Proxy({}, {}),
    () => Object.create(null),
    () => new Date(0),
    () => new Float32Array(random.int(0, 4)),
    () => new BigInt64Array([-(2n ** 63n), 1n]),
    () => new DataView(new ArrayBuffer(4)),
    () => new Array(3),
    () => released(random),
    () => anyTensor(random),
    () => anyTensor(random).handle,
    () => random.list(random.int(0, 4), () => (depth > 2 ? 1 : garbage(random, depth + 1))),
    () => random.list(random.int(0, 3), () => anyTensor(random)),
    () => random.list(random.int(0, 6), () => anyInt(random)),
    () => new Generator({ seed: 1 }),
    () => Object.assign(Object.create(Object.getPrototypeOf(anyTensor(random))), {}),
  ];
  return random.pick(makers)();
}

/** @param {Random} random */
function released(random) {
  const gone = anyTensor(random);
  gone.release();
  return gone;
}

const strings_ = /** @type {Record<string, string[]>} */ ({
  reduce: ["add", "multiply", "sum", ""],
  rounding_mode: ["floor", "trunc", "round"],
  padding: ["same", "valid", "full"],
  approximate: ["none", "tanh", "erf"],
  equation: [
    "ij,jk->ik",
    "ij,ij->",
    "i,j->ij",
    "...i,...i->...",
    "ii->i",
    "ab,bc",
    "i->",
    "ij->ji",
    "zz,",
    "->",
    "a,a,a->a",
  ],
});

/**
 * A value of the kind that a schema type names.
 * @param {Random} random
 * @param {{ name: string, type: string }} argument
 * @param {readonly number[]} shape that of the call's first tensors
 * @returns {unknown}
 */
export function plausible(random, { name, type }, shape) {
  if (type.endsWith("?"))
    return random.chance(0.3) ? null : plausible(random, { name, type: type.slice(0, -1) }, shape);
  const list = /^(.*)\[(\d*)\]$/.exec(type);
  if (list !== null) {
    const inner = { name, type: /** @type {string} */ (list[1]) };
    if (list[2] !== "" && random.chance(0.4)) return plausible(random, inner, shape);
    const length = random.chance(0.7) && list[2] !== "" ? Number(list[2]) : random.int(0, 5);
    return random.list(length, () => plausible(random, inner, shape));
  }
  switch (type) {
    case "Tensor":
      return tensorNamed(random, name, shape);
    case "int":
    case "SymInt":
      return anyInt(random, name);
    case "Scalar":
      return random.pick([() => anyFloat(random), () => anyInt(random, name), () => random.chance(0.5)])();
    case "float":
      return anyFloat(random);
    case "bool":
      return random.chance(0.5);
    case "Generator":
      return new Generator({ seed: random.int(0, 9) });
    case "ScalarType":
      return anyDtype(random);
    case "Device":
      return random.pick(["cpu", "cpu", "cuda", "cpu:0", "cpu:1", "meta"]);
    case "Layout":
      return random.pick(["strided", "sparse"]);
    case "MemoryFormat":
      return random.pick(["contiguous", "preserve", "channels_last", "channels_last_3d"]);
    default:
      return random.pick(strings_[name] ?? strings);
  }
}

/** @param {Random} random @param {string} name @param {readonly number[]} shape */
function tensorNamed(random, name, shape) {
  const own = random.chance(0.7) ? shape : anyShape(random);
  if (/^(index|indices|target|repeats)/.test(name) && random.chance(0.8)) {
    const range = random.chance(0.7) ? { low: 0, high: 2 } : {};
    return someTensor(random, random.chance(0.5) ? own : anyShape(random), { dtype: "int64", ...range });
  }
  if (/^(mask|condition)/.test(name) && random.chance(0.8))
    return someTensor(random, own, { dtype: "bool", low: 0, high: 1 });
  return someTensor(random, own);
}
