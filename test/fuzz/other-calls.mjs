// @ts-check
// Wrong calls of what is public beside the operators: making and reading tensors, derivatives, random state, scopes.
import * as torch from "../../dist/torch/index.js";
import { anyDtype, anyShape, anyTensor, someTensor } from "./tensors.mjs";
import { anyInt, garbage } from "./values.mjs";

/** @typedef {import("./random.mjs").Random} Random */

const { Tensor } = torch;
const getters = Object.getOwnPropertyDescriptors(Tensor.prototype);

/** @param {Random} r */
const tensorOrGarbage = (r) => (r.chance(0.7) ? anyTensor(r) : garbage(r));

/** @param {Random} r @param {string[]} names */
const optionsOf = (r, names) => Object.fromEntries(names.filter(() => r.chance(0.5)).map((name) => [name, garbage(r)]));

/** A loss of a tensor whose contents are then taken over from another. @param {Random} r */
function dataReplaced(r) {
  const x = someTensor(r, anyShape(r), { dtype: "float32" });
  x.requiresGrad = true;
  const loss = torch.ops.sum(torch.ops.mul(x, r.pick([x, anyTensor(r)])));
  x.setData(anyTensor(r));
  loss.backward();
  return x.grad;
}

/** A state that a generator might have written, with some of its bytes changed. @param {Random} r */
function randomStateOf(r) {
  const bytes = new Uint8Array(torch.randomState().bytes());
  for (let i = 0; i < 8; i++) bytes[r.chance(0.5) ? r.int(0, 31) : r.int(0, bytes.length - 1)] = r.int(0, 255);
  const shape = r.chance(0.8) ? [bytes.length] : [r.int(0, 9)];
  return torch.fromBytes(bytes.subarray(0, shape[0]), "uint8", shape);
}

/** @type {Record<string, (r: Random) => unknown[]>} */
const argumentsOf = {
  tensor: (r) => [garbage(r), r.chance(0.5) ? optionsOf(r, ["shape", "dtype", "device", "requiresGrad"]) : garbage(r)],
  fromBytes: (r) => [
    r.chance(0.6) ? new Uint8Array(r.int(0, 16)) : garbage(r),
    r.chance(0.7) ? anyDtype(r) : garbage(r),
    r.chance(0.7) ? r.list(r.int(0, 3), () => anyInt(r)) : garbage(r),
    r.chance(0.8) ? "cpu" : garbage(r),
  ],
  grad: (r) => [
    tensorOrGarbage(r),
    r.list(r.int(0, 2), () => tensorOrGarbage(r)),
    r.chance(0.5) ? { gradOutputs: [tensorOrGarbage(r)] } : optionsOf(r, ["gradOutputs", "retainGraph", "createGraph"]),
  ],
  manualSeed: (r) => [garbage(r), r.chance(0.5) ? "cpu" : garbage(r)],
  randomState: (r) => [garbage(r)],
  setRandomState: (r) => [r.chance(0.7) ? randomStateOf(r) : tensorOrGarbage(r)],
  noGrad: (r) => [garbage(r)],
  scope: (r) => [garbage(r)],
  keep: (r) => [garbage(r)],
  recordCalls: (r) => [garbage(r)],
  autocast: (r) => [
    r.chance(0.5) ? "cpu" : garbage(r),
    r.chance(0.5) ? anyDtype(r) : garbage(r),
    () => torch.ops.mm(anyTensor(r), anyTensor(r)),
  ],
  chooseDevice: (r) => [garbage(r)],
  choosePrecision: (r) => [garbage(r), garbage(r)],
  chooseKernels: (r) => [garbage(r), r.pick(["cpu", garbage(r)]), r.pick(["bfloat16", garbage(r)])],
  setThreads: (r) => [r.pick([0, -1, 1e9, Number.NaN, "2", null, 2n, {}])],
};

/** @type {Record<string, (r: Random) => unknown>} */
const actions = {
  "new Tensor": (r) => new Tensor(/** @type {never} */ (garbage(r))),
  "new Generator": (r) =>
    new torch.Generator(/** @type {never} */ (r.chance(0.5) ? optionsOf(r, ["seed", "device"]) : garbage(r))),
  "Tensor.backward": (r) =>
    torch.ops
      .mul(anyTensor(r), anyTensor(r))
      .backward(/** @type {never} */ (r.chance(0.5) ? { gradient: tensorOrGarbage(r) } : garbage(r))),
  "Tensor.grad=": (r) => {
    anyTensor(r).grad = /** @type {never} */ (tensorOrGarbage(r));
  },
  "Tensor.requiresGrad=": (r) => {
    anyTensor(r).requiresGrad = /** @type {never} */ (garbage(r));
  },
  "Tensor.setData": (r) => anyTensor(r).setData(/** @type {never} */ (tensorOrGarbage(r))),
  "Tensor.setData before backward": dataReplaced,
  "Tensor.to": (r) => anyTensor(r).to(/** @type {never} */ (garbage(r))),
  "Tensor of another this": (r) => {
    const { get, value } = r.pick(Object.values(getters));
    return (get ?? value)?.call(garbage(r), garbage(r));
  },
};

/** @param {Random} random @returns {import("./calls.mjs").Call} */
export function otherCalls(random) {
  if (random.chance(0.4)) {
    const name = random.pick(Object.keys(actions));
    return { name, values: [], call: () => actions[name]?.(random) };
  }
  const name = random.pick(Object.keys(argumentsOf));
  const call = /** @type {Record<string, (...values: unknown[]) => unknown>} */ (/** @type {unknown} */ (torch))[name];
  return { name, values: argumentsOf[name]?.(random) ?? [], call: (...values) => call?.(...values) };
}
