// A network's layers, parameters and operations, from the operator calls of one forward pass.
import {
  type DType,
  type nn,
  noGrad,
  ops,
  type RecordedCall,
  recordCalls,
  scope,
  type Tensor,
} from "../torch/index.js";

export interface LayerSummary {
  /** The module's name in the network, `layer1.0.conv1`; empty for operators without parameters. */
  readonly name: string;
  readonly operator: string;
  /** Of the output, including the batch. */
  readonly shape: readonly number[];
  readonly parameters: number;
  readonly flops: number;
}

export interface ModelSummary {
  readonly layers: readonly LayerSummary[];
  readonly parameters: number;
  readonly flops: number;
}

/** Operators that only change the memory layout, or do nothing in evaluation mode. */
const SILENT = new Set(["to", "contiguous", "dropout", "featureDropout"]);

/** The number of parameters, frozen ones included. */
export function countParameters(model: nn.Module): number {
  return model.parameters().reduce((sum, parameter) => sum + parameter.size, 0);
}

/**
 * The layers in the order in which they compute, with shapes, parameters and floating-point operations, from one forward
 * pass of zeros in evaluation mode. Two operations a multiply-add, of convolutions, linear layers, matrix products and norms; biases,
 * activations and pooling are not counted. An input of one sample gives the operations per sample.
 */
export function summarize(model: nn.Module, inputShape: readonly number[]): ModelSummary {
  const names = parameterOwners(model);
  const layers = scope(() =>
    recordForward(model, inputShape)
      .filter(({ operator }) => !SILENT.has(operator))
      .map((call) => summarizeCall(call, names)),
  );
  return { layers, parameters: countParameters(model), flops: layers.reduce((sum, { flops }) => sum + flops, 0) };
}

function recordForward(model: nn.Module, inputShape: readonly number[]): RecordedCall[] {
  const training = model.training;
  const first = model.parameters()[0];
  const options = first === undefined ? {} : { dtype: first.dtype as DType, device: first.device };
  try {
    const input = ops.zeros(inputShape, options);
    return recordCalls(() => noGrad(() => model.eval().forward(input))).calls;
  } finally {
    model.train(training);
  }
}

/** The name of each parameter's module. */
function parameterOwners(model: nn.Module): ReadonlyMap<unknown, string> {
  return new Map([...model.namedParameters()].map(([name, value]) => [value, name.replace(/\.?[^.]*$/, "")]));
}

function summarizeCall(
  { operator, values, results }: RecordedCall,
  owners: ReadonlyMap<unknown, string>,
): LayerSummary {
  const parameters = values.filter((value) => owners.has(value)) as Tensor[];
  return {
    name: owners.get(parameters[0]) ?? "",
    operator,
    shape: results[0]?.shape ?? [],
    parameters: parameters.reduce((sum, { size }) => sum + size, 0),
    flops: 2 * multiplyAdds(operator, values, results[0]),
  };
}

/** Convolutions and linear layers multiply every output once by each of its inputs' weights; norms scale and shift. */
function multiplyAdds(operator: string, [, weight]: readonly unknown[], output: Tensor | undefined): number {
  if (output === undefined) return 0;
  if (operator === "batchNorm" || operator === "layerNorm") return output.size;
  if (operator === "matmul") return output.size * ((weight as Tensor).shape.at(-2) ?? 1);
  if (operator !== "conv2d" && operator !== "linear") return 0;
  const [, ...inputs] = (weight as Tensor).shape;
  return output.size * inputs.reduce((product, size) => product * size, 1);
}
