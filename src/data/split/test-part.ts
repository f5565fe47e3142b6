// A test part for data that comes without one, such as Dogs vs. Cats, whose own test pictures have no labels.
import { InputError } from "../../errors.js";
import type { DataSet, HeldSamples, Samples } from "../types.js";
import { stratifiedSplit } from "./split.js";

/**
 * Sets `fraction` of every class apart as the test set. It is drawn from the seed 0, whatever the seed of a run, so that all
 * runs are judged on the same samples. Data that has a test set stays as it is, and a note says so.
 *
 * Throws `InputError` on a fraction outside (0, 1), on a class with a single sample, naming it, and where no sample has a
 * label.
 */
export function withTestPart(data: DataSet, fraction: number | undefined): DataSet {
  if (fraction === undefined) return data;
  if (data.test !== null) {
    return { ...data, notes: [...data.notes, `the data has a test set: no fraction (${fraction}) was set apart`] };
  }
  const { train, validation } = stratifiedSplit(data.train.labels, data.classes, fraction, 0, "test");
  if (validation.length === 0) {
    throw new InputError(`a test part is drawn of every class: no sample of this data has one; received ${fraction}`);
  }
  return { ...data, train: samplesAt(data.train, train), test: samplesAt(data.train, validation) };
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
