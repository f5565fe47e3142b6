// Checkpoints as Python's tools write them: nested dictionaries with tensors, numbers, text and objects of given classes.
import { zipSync } from "fflate";
import type { StoredTensor } from "../../src/torch/serialization/index.js";

/** An object of a Python class: called with arguments, then given entries or a state. */
export interface PythonObject {
  readonly module: string;
  readonly name: string;
  readonly args: readonly Value[];
  readonly entries?: ReadonlyMap<Value, Value>;
  readonly state?: Value;
}

/** A Python class by its name. */
export interface PythonClass {
  readonly module: string;
  readonly name: string;
}

export type Value =
  | null
  | number
  | string
  | Uint8Array
  | readonly Value[]
  | ReadonlyMap<Value, Value>
  | StoredTensor
  | PythonObject
  | PythonClass;

function pickle(value: Value, storages: Uint8Array[]): string {
  const write = (inner: Value) => pickle(inner, storages);
  const sized = (code: string, bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return `${code}${length.toString("latin1")}${bytes.toString("latin1")}`;
  };
  const integer = (number: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(number);
    return `J${bytes.toString("latin1")}`;
  };
  const float = (number: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(number);
    return `G${bytes.toString("latin1")}`;
  };
  const tuple = (values: readonly Value[]) => `(${values.map(write).join("")}t`;
  const entries = (map: ReadonlyMap<Value, Value>) =>
    map.size === 0 ? "" : `(${[...map].map(([key, entry]) => write(key) + write(entry)).join("")}u`;

  if (value === null) return "N";
  if (typeof value === "number") return Number.isInteger(value) ? integer(value) : float(value);
  if (typeof value === "string") return sized("X", Buffer.from(value));
  if (value instanceof Uint8Array) return sized("B", Buffer.from(value));
  if (value instanceof Map) return `}${entries(value)}`;
  if (Array.isArray(value)) return `(${value.map(write).join("")}l`;
  if ("args" in value) {
    const made = `c${value.module}\n${value.name}\n${tuple(value.args)}R${entries(value.entries ?? new Map())}`;
    return value.state === undefined ? made : `${made}${write(value.state)}b`;
  }
  if ("module" in value) return `c${value.module}\n${value.name}\n`;
  const { dtype, shape, bytes } = value as StoredTensor;
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const count = shape.reduce((product, size) => product * size, 1);
  const type = { float32: "FloatStorage", int64: "LongStorage" }[dtype as "float32" | "int64"];
  const storage = `(${write("storage")}ctorch\n${type}\n${write(String(storages.push(bytes) - 1))}${write("cpu")}${integer(count)}tQ`;
  return `ctorch._utils\n_rebuild_tensor_v2\n(${storage}${integer(0)}${tuple(shape)}${tuple(strides)}\x89}tR`;
}

/** The bytes of a file as torch.save writes it, in its zip format. */
export function checkpointFile(value: Value): Uint8Array {
  const storages: Uint8Array[] = [];
  const data = Buffer.from(`\x80\x02${pickle(value, storages)}.`, "latin1");
  const records = storages.map((bytes, i) => [`archive/data/${i}`, bytes] as const);
  return zipSync({ "archive/data.pkl": data, ...Object.fromEntries(records) }, { level: 0 });
}

/** `numpy.float64(value)`, as a pickle holds it. */
export function numpyFloat(value: number): PythonObject {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  const state = [3, "<", null, null, null, -1, -1, 0];
  const dtype = { module: "numpy", name: "dtype", args: ["f8", 0, 1], state };
  return { module: "numpy.core.multiarray", name: "scalar", args: [dtype, bytes] };
}
