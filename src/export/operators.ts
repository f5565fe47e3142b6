// What each operator of the engine is in ONNX: one table.
import type { EncoderFile } from "../models/index.js";
import type { Tensor } from "../torch/index.js";
import { type Call, type Converter, dimensionOf, rank } from "./converter.js";
import type { Graph } from "./graph.js";
import { int64 } from "./numbers.js";
import { tokenConverters, tokenViews } from "./token-operators.js";

/** Both sides of a size that may be given as one number, as a list, or not at all. */
function pair(value: unknown, absent: readonly [number, number]): readonly [number, number] {
  if (typeof value === "number") return [value, value];
  const [first, second = first] = (value ?? []) as readonly number[];
  return first === undefined ? absent : [first, second as number];
}

const bothEnds = ([height, width]: readonly [number, number]) => [height, width, height, width];

/** The names of tensors of which the last ones may be absent. */
const namesOf = ({ name }: Call, ...values: unknown[]) =>
  values.filter((value) => value !== undefined && value !== null).map(name);

const same: Converter = ({ values, name }) => name(values[0]);

/** Identity in evaluation, where nothing is dropped. */
const dropout: Converter = ({ values, name, refuse }) =>
  values[2] === true ? refuse("drops values; expected a network in evaluation mode") : name(values[0]);

function convolution(call: Call, graph: Graph): string {
  const [input, weight, bias, stride, padding, dilation, groups = 1] = call.values;
  if (typeof padding === "string") return call.refuse(`pads "${padding}"; expected numbers`);
  return graph.node("Conv", namesOf(call, input, weight, bias), {
    strides: pair(stride, [1, 1]),
    pads: bothEnds(pair(padding, [0, 0])),
    dilations: pair(dilation, [1, 1]),
    group: groups as number,
  });
}

function linear(call: Call, graph: Graph): string {
  const [input, weight, bias] = call.values;
  if (rank(input) === 2) return graph.node("Gemm", namesOf(call, input, weight, bias), { transB: 1 });
  const turned = graph.node("Transpose", [call.name(weight)], { perm: [1, 0] });
  const product = graph.node("MatMul", [call.name(input), turned]);
  return bias ? graph.node("Add", [product, call.name(bias)]) : product;
}

function batchNorm(call: Call, graph: Graph): string {
  const [input, weight, bias, mean, variance, training, , eps] = call.values;
  if (training === true) return call.refuse("learns from the batch; expected a network in evaluation mode");
  const names = namesOf(call, input, weight, bias, mean, variance);
  if (names.length < 5) return call.refuse("lacks weights or running statistics");
  return graph.node("BatchNormalization", names, { epsilon: { float: eps as number } });
}

/** With a factor or a number as operand it is another ONNX operator, which our networks do not need. */
function add(call: Call, graph: Graph): string {
  const [first, second, alpha = 1] = call.values;
  if (alpha !== 1 || typeof second === "number")
    return call.refuse("adds a number or a multiple; expected two tensors");
  return graph.node("Add", [call.name(first), call.name(second)]);
}

function maxPool(call: Call, graph: Graph): string {
  const [input, kernel, stride, padding, dilation, ceilMode = false] = call.values;
  const size = pair(kernel, [1, 1]);
  return graph.node("MaxPool", [call.name(input)], {
    kernel_shape: size,
    strides: pair(stride, size),
    pads: bothEnds(pair(padding, [0, 0])),
    dilations: pair(dilation, [1, 1]),
    ceil_mode: ceilMode ? 1 : 0,
  });
}

function averagePool(call: Call, graph: Graph): string {
  const [input, kernel, stride, padding, ceilMode = false, countPadding = true, divisor] = call.values;
  if (ceilMode || typeof divisor === "number") return call.refuse("rounds sizes up or divides by a number of its own");
  const size = pair(kernel, [1, 1]);
  return graph.node("AveragePool", [call.name(input)], {
    kernel_shape: size,
    strides: pair(stride, size),
    pads: bothEnds(pair(padding, [0, 0])),
    count_include_pad: countPadding ? 1 : 0,
  });
}

function globalPool(call: Call, graph: Graph): string {
  const [input, size] = call.values;
  const [height, width] = pair(size, [1, 1]);
  if (height !== 1 || width !== 1) return call.refuse(`pools to ${height} x ${width}; expected 1 x 1`);
  return graph.node("GlobalAveragePool", [call.name(input)]);
}

/** Only what leaves the batch alone: the shape of other results would hold the traced batch's size. */
function flatten(call: Call, graph: Graph): string {
  const [input, start = 0, end = -1] = call.values as [Tensor, number?, number?];
  if (start < 1 || dimensionOf(input, end) !== rank(input) - 1) {
    return call.refuse(`joins dimensions ${start} to ${end}; expected 1 to the last`);
  }
  if (start === 1) return graph.node("Flatten", [call.name(input)], { axis: 1 });
  const kept = [0, ...input.shape.slice(1, start), -1];
  return graph.node("Reshape", [call.name(input), graph.constant(`integers.${kept.join(".")}`, int64(kept))]);
}

function mean(call: Call, graph: Graph): string {
  const [input, given, keepdim = false] = call.values as [Tensor, (readonly number[] | number | null)?, boolean?];
  const axes = [given ?? []].flat().map((dimension) => dimensionOf(input, dimension));
  if (axes.length === 0 || axes.includes(0)) return call.refuse("averages over the batch; expected other dimensions");
  return graph.node("ReduceMean", [call.name(input)], { axes, keepdims: keepdim ? 1 : 0 });
}

function concatenate(call: Call, graph: Graph): string {
  const [list, dimension = 0] = call.values as [readonly Tensor[], number?];
  const axis = dimensionOf(list[0], dimension);
  if (axis === 0) return call.refuse("joins along the batch; expected another dimension");
  return graph.node("Concat", list.map(call.name), { axis });
}

/** The nodes of a frozen encoder's own file. */
const encoder: Converter = ({ values, name, refuse }, graph) => {
  const [input, file] = values as [unknown, EncoderFile];
  const { graph: body } = file.model;
  if ((body?.initializer ?? []).some(({ dataLocation }) => dataLocation === 1)) {
    return refuse("has its weights in other files; expected an encoder in one file");
  }
  if ((body?.node ?? []).some(({ attribute }) => (attribute ?? []).some(({ g }) => g != null))) {
    return refuse("has branches or loops; expected an encoder without them");
  }
  return graph.merge(file.model, { input: file.input, from: name(input), output: file.output });
};

/** By the engine's names. An operator that works in place has its plain form's entry. */
const converters: Readonly<Record<string, Converter>> = {
  conv2d: convolution,
  linear,
  batchNorm,
  add,
  maxPool2d: maxPool,
  avgPool2d: averagePool,
  adaptiveAvgPool2d: globalPool,
  flatten,
  cat: concatenate,
  mean,
  dropout,
  featureDropout: dropout,
  to: same,
  contiguous: same,
  onnxEncoder: encoder,
  ...tokenConverters,
};

/** Those whose result may lie in the memory of what they read. */
const views = new Set(["flatten", "dropout", "featureDropout", "to", "contiguous", ...tokenViews]);

export const isView = (operator: string) => views.has(operator);
export const isInPlace = (operator: string) => operator.endsWith("_");

export function converterOf(operator: string): Converter | undefined {
  const name = operator.replace(/_$/, "");
  return Object.hasOwn(converters, name) ? converters[name] : undefined;
}

export const knownOperators = Object.keys(converters);
