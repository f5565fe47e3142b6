// The allowlist: every name that a weights file may refer to, and the plain value that it stands for or builds.

import { quoted } from "../quoted.js";
import { type PickleContext, PickleGlobal } from "./context.js";
import { arrayFromBuffer, reconstructArray } from "./numpy-array.js";
import { decodeNumpyScalar, numpyDtype } from "./numpy-scalar.js";
import { rebuildTensor } from "./pending-tensors.js";
import { STORAGE_TYPES } from "./storage-types.js";

type Call = NonNullable<PickleGlobal["call"]>;

/** Values that no weights are made of. */
const leftOut: Call = () => null;

const TENSOR_BUILDERS: Record<string, Call> = {
  "torch._utils._rebuild_tensor": rebuildTensor,
  "torch._utils._rebuild_tensor_v2": rebuildTensor,
  "torch._utils._rebuild_parameter": first,
  "torch._utils._rebuild_parameter_with_state": first,
  "torch.nn.parameter.Parameter": first,
  "torch._tensor._rebuild_from_type_v2": rebuildAttributed,
};

const CALLS: Record<string, Call> = {
  ...TENSOR_BUILDERS,
  "collections.OrderedDict": orderedDict,
  "collections.Counter": orderedDict,
  "argparse.Namespace": namespace,
  "builtins.set": set,
  "__builtin__.set": set,
  "_codecs.encode": latin1Bytes,
  "builtins.complex": leftOut,
  "__builtin__.complex": leftOut,
  "torch.Size": first,
  "torch.device": device,
  "numpy.dtype": numpyDtype,
  "numpy.core.multiarray.scalar": decodeNumpyScalar,
  "numpy._core.multiarray.scalar": decodeNumpyScalar,
  "numpy.core.multiarray._reconstruct": reconstructArray,
  "numpy._core.multiarray._reconstruct": reconstructArray,
  "numpy.core.numeric._frombuffer": arrayFromBuffer,
  "numpy._core.numeric._frombuffer": arrayFromBuffer,
};

const CALLABLE = new Map(Object.entries(CALLS).map(([path, call]) => [path, new PickleGlobal(path, call)]));

/**
 * What checkpoints have in addition to the weights, such as Lightning's callbacks and hyperparameters. Objects of these classes are
 * read as dictionaries of what is set in them, and left out.
 */
const IGNORED_PACKAGES = /^(?:pytorch_lightning|lightning|lightning_fabric|omegaconf|pathlib|datetime)(?:\.|$)/;
const IGNORED = new Set(["collections.defaultdict", "enum.Enum", "torch.torch_version.TorchVersion", "typing.Any"]);
const PYTHON_TYPES = "bool bytes complex dict float frozenset int list object str tuple".split(" ");

const DTYPES =
  "float64 double float32 float float16 half bfloat16 int64 long int32 int int16 short int8 uint8 bool".split(" ");

const INERT = new Map<string, unknown>([
  ...[...STORAGE_TYPES.keys(), "torch.Tensor", "numpy.ndarray"].map((path) => [path, new PickleGlobal(path)] as const),
  ...PYTHON_TYPES.flatMap((name) =>
    ["builtins", "__builtin__"].map((module) => [`${module}.${name}`, new PickleGlobal(name)] as const),
  ),
  ...DTYPES.map((name) => [`torch.${name}`, `torch.${name}`] as const),
]);

/** What `module.name` stands for: a buildable or inert name, or a dtype as text. @throws InputError for every other name. */
export function findPickleGlobal(module: string, name: string, { refuse }: PickleContext): unknown {
  const path = `${module}.${name}`;
  const known = CALLABLE.get(path) ?? INERT.get(path);
  if (known !== undefined) return known;
  if (IGNORED.has(path) || IGNORED_PACKAGES.test(module)) return new PickleGlobal(path, ignored);
  const advice = "expected tensors, numbers, text and containers only (save model.state_dict(), not the model)";
  throw refuse(`refused, nothing was run: the file refers to ${quoted(path)}; ${advice}`);
}

function first(args: readonly unknown[]): unknown {
  return args[0];
}

/** `_rebuild_from_type_v2(builder, type, arguments, attributes)`: the tensor without its Python attributes. */
function rebuildAttributed([builder, , args]: readonly unknown[], context: PickleContext): unknown {
  const build = builder instanceof PickleGlobal ? TENSOR_BUILDERS[builder.path] : undefined;
  if (build === undefined || build === rebuildAttributed || !Array.isArray(args)) {
    throw context.refuse("damaged pickle: a tensor with attributes has no known form");
  }
  return build(args, context);
}

/** `OrderedDict()`, `OrderedDict(pairs)` or `OrderedDict(dict)`; its attributes, such as `_metadata`, are dropped. */
function orderedDict([source]: readonly unknown[], context: PickleContext): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>();
  for (const pair of items(source, context)) {
    if (!Array.isArray(pair) || pair.length !== 2)
      throw context.refuse("damaged pickle: a dictionary of what are no pairs");
    map.set(pair[0], pair[1]);
  }
  context.stateSetters.set(map, () => {});
  return map;
}

/** A `Namespace`, such as the saved command-line options, as a Map of its attributes. */
function namespace(_args: readonly unknown[], context: PickleContext): Map<unknown, unknown> {
  const fields = new Map<unknown, unknown>();
  context.stateSetters.set(fields, (state) => {
    if (!(state instanceof Map)) throw context.refuse("damaged pickle: a Namespace without attributes");
    context.spendItems(state.size);
    for (const [key, value] of state) fields.set(key, value);
  });
  return fields;
}

/** Takes entries and attributes, and is nothing but a dictionary. */
function ignored(_args: readonly unknown[], { stateSetters }: PickleContext): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>();
  stateSetters.set(map, () => {});
  return map;
}

function set([source]: readonly unknown[], context: PickleContext): Set<unknown> {
  return new Set(items(source, context));
}

function items(source: unknown, { spendItems, refuse }: PickleContext): unknown[] {
  if (source === undefined) return [];
  if (!Array.isArray(source) && !(source instanceof Map))
    throw refuse("damaged pickle: a container made of what is none");
  spendItems(source instanceof Map ? source.size : source.length);
  return [...source];
}

/** How protocol 2 writes bytes: text of which every character is one byte. */
function latin1Bytes([text, encoding]: readonly unknown[], { spend, refuse }: PickleContext): Uint8Array {
  if (typeof text !== "string" || encoding !== "latin1") throw refuse("damaged pickle: bytes that are no latin1 text");
  spend(text.length);
  return Uint8Array.from(Buffer.from(text, "latin1"));
}

function device([kind, index]: readonly unknown[], { refuse }: PickleContext): string {
  if (typeof kind !== "string") throw refuse("damaged pickle: a device that has no name");
  return typeof index === "number" ? `${kind}:${index}` : kind;
}
