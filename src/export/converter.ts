// How a recorded operator call becomes nodes of a graph.
import type { Tensor } from "../torch/index.js";
import type { Graph } from "./graph.js";

/** One recorded call, as a converter sees it. */
export interface Call {
  /** The arguments in the schema's order, absent ones undefined. */
  readonly values: readonly unknown[];
  /** The shape of the result, of the traced batch. */
  readonly shape: readonly number[];
  /** The graph's name of a tensor among them. */
  name(value: unknown): string;
  /** Ends the export, saying what of this call there is no ONNX for. */
  refuse(reason: string): never;
}

/** Adds a call's nodes to the graph and gives the name of its result. */
export type Converter = (call: Call, graph: Graph) => string;

export const rank = (value: unknown) => (value as Tensor).shape.length;

/** A dimension counted from the first one. */
export const dimensionOf = (value: unknown, dimension: number) => (dimension < 0 ? dimension + rank(value) : dimension);

/** An operator of one tensor without attributes. */
export const elementwise =
  (operator: string): Converter =>
  ({ values, name }, graph) =>
    graph.node(operator, [name(values[0])]);
