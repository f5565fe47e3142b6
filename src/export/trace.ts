// From a network to ONNX nodes: the recorded operator calls of one forward pass, converted one by one.
import { InputError } from "../errors.js";
import { nn, noGrad, ops, type RecordedCall, recordCalls, scope, type Tensor, toStoredTensor } from "../torch/index.js";
import type { Graph } from "./graph.js";
import { converterOf, isInPlace, isView, knownOperators } from "./operators.js";

/** What the graph calls a tensor, null once it is overwritten; tensors that may lie in one memory have the same `memory`. */
interface Value {
  name: string | null;
  readonly memory: object;
}

/** With one sample, a size of one could be taken for the batch's. */
const TRACED_BATCH = 2;

/**
 * Adds what a network computes in evaluation to a graph, from one forward pass of zeros on the value `input`, (n, ...shape);
 * gives the name of its outputs (n, columns) and how many columns they have. Parameters and buffers become constants under
 * their names in the state dictionary.
 * @throws InputError naming an operator that has no entry in the table, and its position in the network.
 */
export function traceNetwork(
  graph: Graph,
  network: nn.Module,
  input: string,
  shape: readonly number[],
): { readonly outputs: string; readonly columns: number } {
  requireFloat32(network);
  return scope(() => {
    const first = network.parameters()[0];
    const images = ops.zeros([TRACED_BATCH, ...shape], first === undefined ? {} : { device: first.device });
    const { result, calls } = recordInEvaluation(network, images);
    const tracer = createTracer(graph, network, new Map([[images, { name: input, memory: {} }]]));
    for (const [i, call] of calls.entries()) tracer.convert(call, `call ${i + 1} of ${calls.length}`);
    return { outputs: tracer.nameOf(result, "the outputs"), columns: columnsOf(result) };
  });
}

const refuse = (reason: string): never => {
  throw new InputError(`cannot export to ONNX: ${reason}`);
};

/** Another precision's export would not be what the network computes. */
function requireFloat32(network: nn.Module): void {
  for (const [name, { dtype }] of network.namedParameters()) {
    if (dtype !== "float32") refuse(`${name} is ${dtype}; expected float32`);
  }
}

function recordInEvaluation(network: nn.Module, images: Tensor): { result: Tensor; calls: RecordedCall[] } {
  const training = network.training;
  try {
    return recordCalls(() => nn.withPrecision("float32", () => noGrad(() => network.eval().forward(images))));
  } finally {
    network.train(training);
  }
}

function columnsOf({ shape }: Tensor): number {
  const [rows, columns] = shape as [number, number];
  if (shape.length === 2 && rows === TRACED_BATCH) return columns;
  return refuse(`of ${TRACED_BATCH} samples the outputs are ${shape.join(" x ")}; expected a row a sample`);
}

function createTracer(graph: Graph, network: nn.Module, values: Map<unknown, Value>) {
  const weights = new Map<unknown, string>([...network.stateDict()].map(([name, tensor]) => [tensor, name]));
  let layer = "";

  /** @param reader who reads the tensor, for a refusal */
  function nameOf(tensor: unknown, reader: string): string {
    const weight = weights.get(tensor);
    const value = values.get(tensor);
    if (value?.name) return value.name;
    if (value === undefined && weight !== undefined) return graph.constant(weight, toStoredTensor(tensor as Tensor));
    const state = value === undefined ? "made outside of the forward pass" : "that a later operator wrote over";
    return refuse(`${reader} reads a tensor ${state}; expected the input, a weight, or an earlier operator's result`);
  }

  /** The position of a call: its number, and the layer whose weights it reads or the last one before. */
  function describe({ operator, values: given }: RecordedCall, number: string): string {
    const weight = given.map((value) => weights.get(value)).find((name) => name !== undefined);
    if (weight !== undefined) layer = weight.replace(/\.[^.]*$/, "");
    return `operator "${operator}" (${number}, ${weight !== undefined ? "in" : "after"} ${layer || "the input"})`;
  }

  function convert(call: RecordedCall, number: string): void {
    const { operator, values: given } = call;
    const [result] = call.results as [Tensor];
    const where = describe(call, number);
    const convertCall =
      converterOf(operator) ?? refuse(`${where} is not known; known are ${knownOperators.join(", ")}`);
    if (result.dtype !== "float32") refuse(`${where} makes ${result.dtype}; expected float32`);
    const own = (reason: string) => refuse(`${where} ${reason}`);
    bind(
      call,
      convertCall({ values: given, shape: result.shape, name: (value) => nameOf(value, where), refuse: own }, graph),
      own,
    );
  }

  function bind({ operator, values: [first], results }: RecordedCall, name: string, own: (reason: string) => never) {
    const memory = values.get(first)?.memory;
    if (!isInPlace(operator)) {
      values.set(results[0], { name, memory: (isView(operator) ? memory : undefined) ?? {} });
      return;
    }
    if (memory === undefined) own("writes over a weight");
    for (const value of values.values()) if (value.memory === memory) value.name = null;
    for (const tensor of [first, results[0]]) values.set(tensor, { name, memory: {} });
  }

  return { convert, nameOf };
}
