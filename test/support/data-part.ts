// Parts of data as the kinds of issues see them.
import type { DataPart } from "../../src/issues/part.js";

const empty = { name: "train", samples: null, features: null, probabilities: null, unreadable: new Int32Array() };

/** Samples of which only the labels are known. */
export function labeledPart(labels: readonly number[]): DataPart {
  return { ...empty, indices: Int32Array.from(labels.keys()), labels: Int32Array.from(labels) };
}

/** Samples with features, a row each. */
export function featurePart(rows: readonly (readonly number[])[], labels: readonly number[]): DataPart {
  return { ...labeledPart(labels), features: { values: Float32Array.from(rows.flat()), size: rows[0]!.length } };
}
