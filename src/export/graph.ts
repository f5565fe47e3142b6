// An ONNX graph while it grows: nodes, and the constant tensors that they read.
import onnxProto, { type onnx } from "onnx-proto";
import type { StoredTensor } from "../torch/serialization/index.js";

const { AttributeProto, TensorProto } = onnxProto.onnx;

/** The element types that our models hold. */
export const ELEMENT = {
  float32: TensorProto.DataType.FLOAT,
  float64: TensorProto.DataType.DOUBLE,
  int64: TensorProto.DataType.INT64,
  bool: TensorProto.DataType.BOOL,
} as const;

export type ElementType = keyof typeof ELEMENT;

/** Whole numbers and lists of them are ONNX's `int` and `ints`; a `float` says that it is one. */
type Attribute = number | readonly number[] | { readonly float: number };
export type Attributes = Readonly<Record<string, Attribute>>;

/** Names are of values: the graph's inputs, its constants and the results of its nodes. */
export interface Graph {
  readonly nodes: readonly onnx.INodeProto[];
  readonly constants: readonly onnx.ITensorProto[];
  /** Adds a node with one result, under a name of its own unless one is given, and gives that name. */
  node(operator: string, inputs: readonly string[], attributes?: Attributes, result?: string): string;
  /** Adds a tensor under a name, once, and gives the name. */
  constant(name: string, tensor: StoredTensor): string;
  /** The operator set of its nodes. */
  readonly opset: number;
  /** Adds another model's nodes and tensors, whose input is a value of this graph; gives the name of the model's output. */
  merge(
    model: onnx.IModelProto,
    values: { readonly input: string; readonly from: string; readonly output: string },
  ): string;
  /** The sets of operators besides ONNX's own that merged models need. */
  readonly otherSets: readonly onnx.IOperatorSetIdProto[];
}

/** The names of a merged model's values begin so. */
const MERGED = "encoder.";

/** @param opset the operator set of the nodes */
export function createGraph(opset: number): Graph {
  const nodes: onnx.INodeProto[] = [];
  const constants = new Map<string, onnx.ITensorProto>();
  const otherSets: onnx.IOperatorSetIdProto[] = [];
  return {
    opset,
    otherSets,
    merge({ graph, opsetImport }, { input, from, output }) {
      const renamed = (name: string) => (name === input ? from : name === "" ? "" : `${MERGED}${name}`);
      otherSets.push(...(opsetImport ?? []).filter(({ domain }) => domain));
      for (const tensor of graph?.initializer ?? []) {
        const name = renamed(tensor.name ?? "");
        constants.set(name, { ...tensor, name });
      }
      for (const node of graph?.node ?? []) {
        const [inputs, outputs] = [node.input ?? [], node.output ?? []];
        nodes.push({
          ...node,
          name: `${MERGED}${node.name}`,
          input: inputs.map(renamed),
          output: outputs.map(renamed),
        });
      }
      return renamed(output);
    },
    nodes,
    get constants() {
      return [...constants.values()];
    },
    node(operator, inputs, attributes = {}, result = `${operator}_${nodes.length}`) {
      const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
      nodes.push({ opType: operator, name: result, input: [...inputs], output: [result], attribute });
      return result;
    },
    constant(name, { dtype, shape, bytes }) {
      const dataType = ELEMENT[dtype as ElementType];
      if (!constants.has(name)) constants.set(name, { name, dataType, dims: [...shape], rawData: bytes });
      return name;
    },
  };
}

function attributeOf(name: string, value: Attribute): onnx.IAttributeProto {
  const { INT, INTS, FLOAT } = AttributeProto.AttributeType;
  if (typeof value === "number") return { name, type: INT, i: value };
  return "float" in value ? { name, type: FLOAT, f: value.float } : { name, type: INTS, ints: [...value] };
}
