// What the operators of vision transformers and ConvNeXt are in ONNX: those on tokens, shapes and smooth activations.
import { type Call, type Converter, dimensionOf, elementwise, rank } from "./converter.js";
import type { Graph } from "./graph.js";
import { float32, int64 } from "./numbers.js";

const number = (graph: Graph, value: number) => graph.constant(`number.${value}`, float32([value], []));
const integers = (graph: Graph, values: readonly number[]) =>
  graph.constant(`integers.${values.join(".")}`, int64(values));

/** A product of two tensors, or of a tensor and a number. */
const multiply: Converter = ({ values: [first, second], name }, graph) =>
  graph.node("Mul", [name(first), typeof second === "number" ? number(graph, second) : name(second)]);

const matrixProduct: Converter = ({ values: [first, second], name }, graph) =>
  graph.node("MatMul", [name(first), name(second)]);

const softmax: Converter = ({ values: [input, dimension], name }, graph) =>
  graph.node("Softmax", [name(input)], { axis: dimensionOf(input, dimension as number) });

/** x (1 + erf(x / sqrt(2))) / 2. */
function gelu({ values: [input, approximate = "none"], name, refuse }: Call, graph: Graph): string {
  if (approximate !== "none") return refuse(`is approximated by ${approximate}; expected none`);
  const erf = graph.node("Erf", [graph.node("Mul", [name(input), number(graph, Math.SQRT1_2)])]);
  const twice = graph.node("Mul", [name(input), graph.node("Add", [erf, number(graph, 1)])]);
  return graph.node("Mul", [twice, number(graph, 0.5)]);
}

const silu: Converter = ({ values: [input], name }, graph) =>
  graph.node("Mul", [name(input), graph.node("Sigmoid", [name(input)])]);

const hardsigmoid: Converter = ({ values: [input], name }, graph) =>
  graph.node("HardSigmoid", [name(input)], { alpha: { float: 1 / 6 }, beta: { float: 0.5 } });

const hardswish: Converter = (call, graph) => graph.node("Mul", [call.name(call.values[0]), hardsigmoid(call, graph)]);

/** (x - mean) / sqrt(var + eps) * weight + bias: ONNX has layer norm as an operator from a later set on. */
function layerNorm({ values, name, refuse }: Call, graph: Graph): string {
  const [input, sizes, weight, bias, eps = 1e-5] = values as [unknown, readonly number[], unknown, unknown, number?];
  if (!weight || !bias) return refuse("lacks weights");
  const axes = sizes.map((_, i) => rank(input) - sizes.length + i);
  const mean = (value: string) => graph.node("ReduceMean", [value], { axes, keepdims: 1 });
  const centered = graph.node("Sub", [name(input), mean(name(input))]);
  const variance = mean(graph.node("Mul", [centered, centered]));
  const deviation = graph.node("Sqrt", [graph.node("Add", [variance, number(graph, eps)])]);
  const scaled = graph.node("Mul", [graph.node("Div", [centered, deviation]), name(weight)]);
  return graph.node("Add", [scaled, name(bias)]);
}

const permute: Converter = ({ values: [input, order], name }, graph) =>
  graph.node("Transpose", [name(input)], {
    perm: (order as readonly number[]).map((axis) => dimensionOf(input, axis)),
  });

function transpose({ values: [input, ...pair], name }: Call, graph: Graph): string {
  const [first, second] = pair.map((axis) => dimensionOf(input, axis as number)) as [number, number];
  const perm = Array.from({ length: rank(input) }, (_, axis) =>
    axis === first ? second : axis === second ? first : axis,
  );
  return graph.node("Transpose", [name(input)], { perm });
}

/** A result of the traced batch's size stays of any; ONNX's 0 keeps the size of the input. */
function reshape({ values: [input], shape, name, refuse }: Call, graph: Graph): string {
  const [batch] = (input as { readonly shape: readonly number[] }).shape;
  if (shape[0] !== batch) return refuse(`makes ${shape[0]} of the first dimension's ${batch}; expected it as it is`);
  return graph.node("Reshape", [name(input), integers(graph, [0, ...shape.slice(1)])]);
}

const select: Converter = ({ values: [input, dimension, index], name }, graph) =>
  graph.node("Gather", [name(input), graph.constant(`index.${index}`, { ...int64([index as number]), shape: [] })], {
    axis: dimensionOf(input, dimension as number),
  });

function narrow({ values, name }: Call, graph: Graph): string {
  const [input, dimension, start, length] = values as [unknown, number, number, number];
  const bounds = [start, start + length, dimensionOf(input, dimension)].map((value) => integers(graph, [value]));
  return graph.node("Slice", [name(input), ...bounds]);
}

/** libtorch counts both sides of the last dimension first; ONNX all beginnings, then all ends. */
function pad({ values: [input, sides, value = 0], name }: Call, graph: Graph): string {
  const given = sides as readonly number[];
  const side = (dimension: number, end: 0 | 1) => given[2 * (rank(input) - 1 - dimension) + end] ?? 0;
  const dimensions = Array.from({ length: rank(input) }, (_, i) => i);
  const pads = ([0, 1] as const).flatMap((end) => dimensions.map((dimension) => side(dimension, end)));
  return graph.node("Pad", [name(input), integers(graph, pads), number(graph, value as number)]);
}

/** By the engine's names. */
export const tokenConverters: Readonly<Record<string, Converter>> = {
  mul: multiply,
  matmul: matrixProduct,
  softmax,
  gelu,
  silu,
  hardsigmoid,
  hardswish,
  layerNorm,
  permute,
  transpose,
  reshape,
  select,
  narrow,
  constantPadNd: pad,
  relu: elementwise("Relu"),
  sigmoid: elementwise("Sigmoid"),
  tanh: elementwise("Tanh"),
};

/** Those whose result may lie in the memory of what they read. */
export const tokenViews = ["permute", "transpose", "reshape", "select", "narrow"] as const;
