// What the kinds of issues know of the data.
import type { Samples } from "../data/index.js";
import { type Features, findNeighbors, type Neighbors } from "../data/neighbors/index.js";
import { type ImageMeasures, measureImages } from "./images/measure.js";

/** One part of a data set: its training, validation or test part, or other data. */
export interface DataPart {
  readonly name: string;
  /** The samples' positions in the data set; every array below is in this order. */
  readonly indices: Int32Array;
  /** Class numbers; -1 for a sample without a label. */
  readonly labels: Int32Array;
  /** The file of each sample, for sets of files. */
  readonly files?: readonly string[] | undefined;
  /** The folder that files are relative to, where the original files can be read. */
  readonly folder?: string | undefined;
  /** Pixels or other values; null where only features or probabilities are known. */
  readonly samples: Samples | null;
  readonly features: Features | null;
  /** Class probabilities, (n, classes), by a network that was not trained on these labels or did not memorize them. */
  readonly probabilities: Float32Array | null;
  /** Samples whose images cannot be decoded, ascending. */
  readonly unreadable: Int32Array;
}

/** The part that is searched for issues, and what it is compared with. */
export interface IssueEvidence {
  readonly classes: readonly string[];
  readonly part: DataPart;
  /** The other parts of the same data set. */
  readonly others: readonly DataPart[];
  /** The ten nearest neighbors within the part, found once for all kinds. */
  neighbors(): Promise<Neighbors>;
  /** Of each image of the part, null where it cannot be decoded; measured once for all kinds. */
  images(): Promise<readonly (ImageMeasures | null)[]>;
}

/** Neighbors that every kind can use. */
export const neighborCount = 10;

/** @throws InputError where neighbors are needed and the part has no features. */
export function issueEvidence(
  classes: readonly string[],
  part: DataPart,
  others: readonly DataPart[] = [],
): IssueEvidence {
  let neighbors: Promise<Neighbors> | undefined;
  const find = () => findNeighbors(requireFeatures(part), { k: neighborCount, unreadable: part.unreadable });
  let images: ReturnType<typeof measureImages> | undefined;
  const measure = () => (images ??= measureImages(requireSamples(part), part.folder));
  return { classes, part, others, neighbors: () => (neighbors ??= find()), images: measure };
}

function requireSamples({ name, samples }: DataPart): Samples {
  if (samples === null) throw new TypeError(`the ${name} part has no images: kinds that need some are not run`);
  return samples;
}

function requireFeatures({ name, features }: DataPart): Features {
  if (features === null) throw new TypeError(`the ${name} part has no features: kinds that need some are not run`);
  return features;
}
