// The outputs of an exported model: probabilities, the predicted label, its confidence, and whether the model abstains.
import type { OutputScore } from "../metrics/index.js";
import { ELEMENT, type Graph } from "./graph.js";
import { float64, int64 } from "./numbers.js";

export interface PredictionOutputOptions {
  /** How many of the outputs' first columns are classes. */
  readonly classes: number;
  readonly columns: number;
  readonly score: OutputScore;
  readonly temperature: number;
  /** Answers of less confidence are abstained from; null for never. */
  readonly threshold: number | null;
}

/** The score of a sample, (batch), of `z` = outputs / temperature in float64. */
type ScoreNodes = (parts: Parts) => string;

interface Parts {
  readonly graph: Graph;
  readonly classes: number;
  /** The outputs, (batch, columns), in float64. */
  readonly outputs: string;
  /** Those over the temperature. */
  readonly z: string;
  /** The classes' columns of z. */
  readonly first: string;
  /** The softmax of these. */
  readonly probabilities: string;
}

/**
 * Adds the outputs `probabilities` (batch, classes), `label`, `confidence` and `abstained` (batch) to a graph whose
 * network's outputs are `logits`.
 *
 * Scores are computed in float64: in float32 a confident network's samples all tie at 1, and a threshold cannot separate them.
 */
export function addPredictionOutputs(graph: Graph, logits: string, options: PredictionOutputOptions): void {
  const { classes, columns, score, temperature, threshold } = options;
  const outputs = graph.node("Cast", [logits], { to: ELEMENT.float64 });
  const z = temperature === 1 ? outputs : graph.node("Div", [outputs, double(graph, "temperature", temperature)]);
  const first = columns === classes ? z : slice(graph, z, 0, classes);
  const probabilities = graph.node("Softmax", [first], { axis: 1 });
  const confidence = scores[score]({ graph, classes, outputs, z, first, probabilities });
  graph.node("Cast", [probabilities], { to: ELEMENT.float32 }, "probabilities");
  graph.node("Cast", [confidence], { to: ELEMENT.float32 }, "confidence");
  addLabel(graph, columns === classes ? logits : slice(graph, logits, 0, classes));
  addAbstention(graph, confidence, threshold);
}

/** The first of equals. */
function addLabel(graph: Graph, first: string): void {
  graph.node("ArgMax", [first], { axis: 1, keepdims: 0, select_last_index: 0 }, "label");
}

/** Not (confidence >= threshold), so that the model abstains on NaN. */
function addAbstention(graph: Graph, confidence: string, threshold: number | null): void {
  if (threshold === null) {
    graph.node("Less", [confidence, double(graph, "threshold", Number.NEGATIVE_INFINITY)], {}, "abstained");
    return;
  }
  const answered = graph.node("GreaterOrEqual", [confidence, double(graph, "threshold", threshold)]);
  graph.node("Not", [answered], {}, "abstained");
}

const double = (graph: Graph, name: string, value: number) => graph.constant(`calibration.${name}`, float64(value));

/** Columns from `start` to before `end`. */
function slice(graph: Graph, value: string, start: number, end: number): string {
  const [from, to, axes] = [start, end, 1].map((number) => graph.constant(`integer.${number}`, int64([number])));
  return graph.node("Slice", [value, from as string, to as string, axes as string]);
}

function sum(graph: Graph, value: string): string {
  return graph.node("ReduceSum", [value, graph.constant("integer.1", int64([1]))], { keepdims: 0 });
}

/** The axes are an attribute up to operator set 17, and then an input. */
function max(graph: Graph, value: string): string {
  if (graph.opset < 18) return graph.node("ReduceMax", [value], { axes: [1], keepdims: 0 });
  return graph.node("ReduceMax", [value, graph.constant("integer.1", int64([1]))], { keepdims: 0 });
}

const scores: Readonly<Record<OutputScore, ScoreNodes>> = {
  /** 1 - softmax over the classes and "abstain" at "abstain", as the classes' share. */
  abstention({ graph, classes, z }) {
    const all = graph.node("Softmax", [slice(graph, z, 0, classes + 1)], { axis: 1 });
    return sum(graph, slice(graph, all, 0, classes));
  },
  /** The sigmoid of the selection logit, which has no temperature. */
  selection({ graph, classes, outputs }) {
    return sum(graph, graph.node("Sigmoid", [slice(graph, outputs, classes, classes + 1)]));
  },
  "softmax-response": ({ graph, probabilities }) => max(graph, probabilities),
  "max-logit": ({ graph, first }) => max(graph, first),
  /** sum p log p. */
  entropy({ graph, first, probabilities }) {
    return sum(graph, graph.node("Mul", [probabilities, graph.node("LogSoftmax", [first], { axis: 1 })]));
  },
  /** log sum exp z, as the largest z over its log softmax, which does not overflow. */
  energy({ graph, first }) {
    const share = max(graph, graph.node("LogSoftmax", [first], { axis: 1 }));
    return graph.node("Sub", [max(graph, first), share]);
  },
};
