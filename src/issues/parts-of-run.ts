// The parts of a run's data, as the kinds of issues see them.
import { type Samples, samplesAt } from "../data/index.js";
import { InputError } from "../errors.js";
import { softmaxRows } from "../metrics/index.js";
import type { RunInspection, TestOutputs } from "./evidence.js";
import type { DataPart } from "./part.js";
import { rowsOf } from "./rows.js";

export const partNames = ["train", "validation", "test"] as const;

/** A part of the run's data, or other data than the run's. */
export type PartName = (typeof partNames)[number] | "data";

/** Other data than the run's, and the parts that the run's has: what it was trained on, what it held out, and the test set. */
export function partsOfRun(inspection: RunInspection): DataPart[] {
  const { train, trainIndices, leftOut, test, unseen, classes, folder } = inspection;
  const trained = new Set(trainIndices);
  const heldOut = Int32Array.from(train.labels.keys()).filter((i) => !trained.has(i) && !leftOut?.has(i));
  return [
    ...(unseen === undefined ? [] : [untrainedPart("data", unseen, classes.length, unseen.folder)]),
    ...(trainIndices.length === 0 ? [] : [trainedPart("train", inspection, trainIndices)]),
    ...(heldOut.length === 0 ? [] : [trainedPart("validation", inspection, heldOut)]),
    ...(test === null ? [] : [untrainedPart("test", test, classes.length, folder)]),
  ];
}

/** @throws InputError where the data has no such part. */
export function partNamed(parts: readonly DataPart[], name: PartName): DataPart {
  const part = parts.find((known) => known.name === name);
  if (part !== undefined) return part;
  const names = parts.map((known) => known.name).join(" or ");
  throw new InputError(`the data has no ${name} part; expected ${names}`);
}

function trainedPart(name: PartName, inspection: RunInspection, indices: Int32Array): DataPart {
  const { train, features, featureSize, logits, classes, unreadable } = inspection;
  const samples = selected(train, indices);
  const rowOf = new Map(Array.from(indices, (sample, row) => [sample, row]));
  return {
    name,
    indices,
    labels: samples.labels,
    files: samples.files,
    folder: inspection.folder,
    samples,
    features: { values: rowsOf(features, indices, featureSize), size: featureSize },
    probabilities: softmaxRows(rowsOf(logits, indices, classes.length), classes.length),
    unreadable: Int32Array.from(Array.from(unreadable).flatMap((sample) => rowOf.get(sample) ?? [])),
  };
}

/** The samples; not a copy where they are all. */
const selected = (samples: Samples, indices: Int32Array) =>
  indices.length === samples.labels.length ? samples : samplesAt(samples, indices);

function untrainedPart(
  name: PartName,
  { indices, labels, files, logits, samples, features }: TestOutputs,
  classes: number,
  folder: string | undefined,
): DataPart {
  return {
    name,
    indices: indices ?? Int32Array.from(labels.keys()),
    labels,
    files,
    folder,
    samples,
    features: features ?? null,
    probabilities: softmaxRows(logits, classes),
    unreadable: new Int32Array(),
  };
}
