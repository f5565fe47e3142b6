// A network as an ONNX model that carries everything that inference needs.
import onnxProto, { type onnx } from "onnx-proto";
import type { ChannelStatistics } from "../data/index.js";
import { InputError } from "../errors.js";
import type { OutputScore } from "../metrics/index.js";
import { encoderOf } from "../models/index.js";
import { option } from "../options/index.js";
import type { nn } from "../torch/index.js";
import { version } from "../version.js";
import { createGraph, ELEMENT, type ElementType, type Graph } from "./graph.js";
import { addNormalization, inputOf } from "./model-input.js";
import { addPredictionOutputs } from "./prediction-outputs.js";
import { traceNetwork } from "./trace.js";

/** The operator set and the file format's version that goes with it: of 2020, so that old runtimes read them as new ones do. */
export const OPSET = 13;
const IR_VERSION = 7;
/** With an encoder of a newer operator set. */
const NEWER_IR_VERSION = 8;

/** What protobuf can hold, with a megabyte for all that is not weights. */
const LARGEST = 2 ** 31 - 2 ** 20;

export interface OnnxOptions {
  readonly classes: number;
  readonly sampleShape: readonly number[];
  readonly normalization: ChannelStatistics;
  readonly score: OutputScore;
  readonly temperature?: number;
  readonly threshold?: number | null;
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * The bytes of an ONNX model of a network, whatever mode it is in, in evaluation: one input, `images` or `features`, and
 * the outputs `logits`, `probabilities`, `label`, `confidence` and `abstained`, all with a free batch size.
 * @throws InputError naming an operator that has no ONNX form here, and for models of 2 GB and more.
 */
export function toOnnx(network: nn.Module, options: OnnxOptions): Uint8Array {
  const { classes, sampleShape, normalization, score, temperature = 1, threshold = null } = options;
  const graph = createGraph(Math.max(OPSET, encoderOf(network)?.opset ?? 0));
  const input = inputOf(sampleShape);
  const normalized = addNormalization(graph, input, sampleShape, normalization);
  const { outputs, columns } = traceNetwork(graph, network, normalized, sampleShape);
  requireColumns(columns, classes, score);
  const logits = graph.node("Identity", [outputs], {}, "logits");
  addPredictionOutputs(graph, logits, { classes, columns, score, temperature, threshold });
  requireEncodable(graph.constants.reduce((sum, { rawData }) => sum + (rawData?.length ?? 0), 0));
  return encode(graph, input.kind, columns, options);
}

/** @throws InputError for a network with fewer outputs than classes, or without the one that the score reads. */
function requireColumns(columns: number, classes: number, score: OutputScore): void {
  const least = score === "abstention" || score === "selection" ? classes + 1 : classes;
  if (columns >= least) return;
  throw new InputError(
    `the network has ${columns} outputs; expected at least ${least} for ${classes} classes and the score ${score}`,
  );
}

/** @throws InputError for weights of so many bytes, where no ONNX file can hold them. */
export function requireEncodable(bytes: number): void {
  if (bytes <= LARGEST) return;
  throw new InputError(
    `the weights take ${(bytes / 1e9).toFixed(2)} GB; an ONNX file holds less than 2.15 GB, expected a narrower network or ${option("safetensors")}`,
  );
}

function encode(
  graph: Graph,
  input: string,
  columns: number,
  { classes, sampleShape, metadata = {} }: OnnxOptions,
): Uint8Array {
  const { ModelProto } = onnxProto.onnx;
  return ModelProto.encode({
    irVersion: graph.opset === OPSET ? IR_VERSION : NEWER_IR_VERSION,
    opsetImport: [{ domain: "", version: graph.opset }, ...graph.otherSets],
    producerName: "selfadapt",
    producerVersion: version,
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: "selfadapt",
      node: [...graph.nodes],
      initializer: [...graph.constants],
      input: [described(input, "float32", sampleShape)],
      output: [
        described("logits", "float32", [columns]),
        described("probabilities", "float32", [classes]),
        described("label", "int64", []),
        described("confidence", "float32", []),
        described("abstained", "bool", []),
      ],
    },
  }).finish();
}

/** A value of the graph with its type and shape, the batch before all. */
function described(name: string, type: ElementType, shape: readonly number[]): onnx.IValueInfoProto {
  const dim = [{ dimParam: "batch" }, ...shape.map((size) => ({ dimValue: size }))];
  return { name, type: { tensorType: { elemType: ELEMENT[type], shape: { dim } } } };
}
