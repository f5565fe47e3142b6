// The features of `issues --features` with the given labels.
import { readFloatRows, type Samples } from "../../../data/index.js";
import type { Features } from "../../../data/neighbors/index.js";
import { InputError } from "../../../errors.js";
import type { LabeledData } from "../../../review/index.js";
import { type LabelSource, labelsOf } from "./given-labels.js";

export interface FeatureSource extends LabelSource {
  readonly features: string;
}

export interface LabeledFeatures extends LabeledData {
  readonly features: Features;
  readonly samples: Samples | undefined;
  readonly notes: readonly string[];
}

/** @throws InputError unless the file has floats (n, size), finite, a row for each label. */
export async function readLabeledFeatures(source: FeatureSource): Promise<LabeledFeatures> {
  const { values, rows: samples, columns: size } = await readFloatRows(source.features, 1, "(samples, size)");
  const at = values.findIndex((value: number) => !Number.isFinite(value));
  if (at >= 0) {
    throw new InputError(`${source.features}, row ${Math.floor(at / size)}: ${values[at]}; expected finite numbers`);
  }
  const { data, samples: images, notes } = await labelsOf(source, samples);
  if (data.train.labels.length !== samples) {
    throw new InputError(`${source.features}: ${samples} rows; expected ${data.train.labels.length}, one per label`);
  }
  return { ...data, features: { values: Float32Array.from(values), size }, samples: images, notes };
}
