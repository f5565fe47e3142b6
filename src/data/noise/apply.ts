// Noise added to a training set: wrong labels, or corrupted images.
import { InputError } from "../../errors.js";
import { type LabelReading, readLabels } from "../tables/label-file.js";
import type { Samples } from "../types.js";
import { type ClassNames, knownMap, namedMap } from "./asymmetric.js";
import { flipByMap, flipByMatrix, pairMap } from "./class-flips.js";
import { corruptImages } from "./images.js";
import { instanceDependent } from "./instance.js";
import { readNoiseMatrix } from "./matrix.js";
import { isImageNoise, type LabelNoise, type NoiseSpec, parseNoise } from "./spec.js";
import { symmetric } from "./symmetric.js";

export interface NoiseOptions<S extends Samples = Samples> extends ClassNames {
  readonly samples: S;
  /** For `file`: files of the data set that are not among the samples, and the columns of its table. */
  readonly reading?: LabelReading & { readonly otherFiles?: readonly string[] | undefined };
  /** As `--noise` has it, such as `symmetric:0.4` or `asymmetric:0.4:cat=dog`. */
  readonly spec: NoiseSpec | string;
  readonly seed: number;
}

/** The samples after the noise, and what it changed. */
export interface NoisySamples<S extends Samples = Samples> {
  readonly samples: S;
  /** The (m, 2) pairs (index, new label) of the labels that differ from before. */
  readonly changed: Int32Array;
  /** The numbers of the images replaced, ascending. */
  readonly corruptedImages: Int32Array;
}

/**
 * A copy of the samples with noise added to their labels or images.
 *
 * Each kind is described where it is drawn: `symmetric`, `asymmetric` and `pair` (by classes), `matrix`, `instance`, image
 * noise. `file` is a list of n labels, or (index, label) pairs, such as human annotations.
 *
 * ```ts
 * const dataSet = await readDataSet("photos");
 * const { samples } = await applyNoise({ ...dataSet, samples: dataSet.train, spec: "symmetric:0.4", seed: 0 });
 * ```
 * @throws InputError for a rate outside [0, 1], classes that a map does not fit, or a file with anything out of range.
 */
export async function applyNoise<S extends Samples>(options: NoiseOptions<S>): Promise<NoisySamples<S>> {
  const { samples, seed } = options;
  const spec = typeof options.spec === "string" ? parseNoise(options.spec) : options.spec;
  if (isImageNoise(spec)) {
    const { values, corrupted } = await corruptImages(samples, spec, seed);
    return { samples: { ...samples, values }, changed: new Int32Array(), corruptedImages: corrupted };
  }
  if (spec.kind !== "none" && spec.kind !== "file" && options.classes.length < 2) {
    throw new InputError(`noise \`${spec.kind}\` needs two classes or more; received ${options.classes.length}`);
  }
  const labels = await noisyLabels(options, spec);
  return {
    samples: { ...samples, labels },
    changed: differences(samples.labels, labels),
    corruptedImages: new Int32Array(),
  };
}

async function noisyLabels(
  { samples, seed, reading = {}, ...names }: NoiseOptions,
  spec: LabelNoise,
): Promise<Int32Array> {
  const { labels } = samples;
  const classes = names.classes.length;
  const flips = { labels, classes, seed, key: `${spec.kind} noise` };
  switch (spec.kind) {
    case "none":
      return labels.slice();
    case "symmetric":
      return symmetric(labels, classes, spec.rate, seed);
    case "asymmetric": {
      const map = spec.map === undefined ? knownMap(names, spec.rate) : namedMap(spec.map, names.classes);
      return flipByMap(flips, map, spec.rate);
    }
    case "pair":
      return flipByMap(flips, pairMap(classes), spec.rate);
    case "instance":
      return instanceDependent(samples, classes, spec.rate, seed);
    case "matrix":
      return flipByMatrix(flips, await readNoiseMatrix(spec.path, names.classes));
    case "file":
      return fileLabels(spec.path, { samples, reading, classes: names.classes });
  }
}

async function fileLabels(
  path: string,
  { samples, reading = {}, classes }: Pick<NoiseOptions, "samples" | "reading" | "classes">,
): Promise<Int32Array> {
  const { otherFiles, ...columns } = reading;
  const { labels, files } = samples;
  return (await readLabels(path, { labels, files, otherFiles }, classes, columns)).labels;
}

function differences(before: Int32Array, after: Int32Array): Int32Array {
  const pairs: number[] = [];
  after.forEach((label, i) => {
    if (label !== before[i]) pairs.push(i, label);
  });
  return Int32Array.from(pairs);
}
