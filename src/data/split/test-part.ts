// A test part for data that comes without one, such as Dogs vs. Cats, whose own test pictures have no labels.
import { InputError } from "../../errors.js";
import type { DataSet, HeldSamples, Samples } from "../types.js";
import { copiesTogether } from "./copies-together.js";
import { type Split, stratifiedSplit } from "./split.js";

/**
 * Splits off `fraction` of every class of the training samples as the test set; samples for validation stay. It is drawn from
 * the seed 0, whatever the seed of a run, so that all runs are evaluated on the same samples, copies on one side. Data that has a test set stays as
 * it is, and a note says so.
 *
 * Throws `InputError` on a fraction outside (0, 1), and where no sample can be held out.
 */
export async function withTestPart(data: DataSet, fraction: number | undefined): Promise<DataSet> {
  if (fraction === undefined) return data;
  if (data.test !== null) {
    return { ...data, notes: [...data.notes, `the data has a test set: no fraction (${fraction}) was held out`] };
  }
  const kept = new Set(data.validation);
  const labels = data.train.labels.map((label, i) => (kept.has(i) ? -1 : label));
  const drawn = stratifiedSplit(labels, data.classes, fraction, 0, "test");
  const { train, validation: held, notes } = await copiesTogether(drawn, data.train, labels);
  if (held.length === 0) {
    throw new InputError(`a test part needs two samples of a class or more: this data has none; received ${fraction}`);
  }
  return {
    ...selectTraining(data, train),
    test: samplesAt(data.train, held),
    notes: [...data.notes, ...notes],
  };
}

/** The samples that the data set itself gives for validation, as a split; null where there are none. */
export function givenSplit({ train, validation }: DataSet): Split | null {
  if (validation === undefined) return null;
  const held = new Set(validation);
  return { train: Int32Array.from(train.labels.keys()).filter((i) => !held.has(i)), validation, notes: [] };
}

/** The data set with some of its training samples, by ascending indices. */
export function selectTraining(data: DataSet, indices: Int32Array): DataSet {
  if (indices.length === data.train.labels.length) return data;
  const isForValidation = new Set(data.validation);
  const validation = Int32Array.from(indices.keys()).filter((i) => isForValidation.has(indices[i] as number));
  return { ...data, train: samplesAt(data.train, indices), ...(data.validation !== undefined && { validation }) };
}

/** Some of the samples, in the order of the indices. */
export function samplesAt(samples: Samples, indices: Int32Array): Samples {
  const labels = indices.map((sample) => samples.labels[sample] as number);
  const filesAt = (files: readonly string[]) => Array.from(indices, (sample) => files[sample] as string);
  if (samples.kind === "streamed") return { ...samples, labels, files: filesAt(samples.files) };
  const { files } = samples;
  return { ...samples, values: valuesAt(samples, indices), labels, ...(files && { files: filesAt(files) }) };
}

function valuesAt({ values, labels }: HeldSamples, indices: Int32Array): HeldSamples["values"] {
  const size = values.length / labels.length;
  const chosen = new (values.constructor as Uint8ArrayConstructor | Float32ArrayConstructor)(indices.length * size);
  indices.forEach((sample, i) => void chosen.set(values.subarray(sample * size, (sample + 1) * size), i * size));
  return chosen;
}
