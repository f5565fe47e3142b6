// The training and test data of a probe.
import {
  type ChannelStatistics,
  createLoader,
  type DataOptions,
  givenSplit,
  type Loader,
  readDataSet,
  type Samples,
  stratifiedSplit,
  stratifiedSubset,
} from "../../data/index.js";
import { InputError } from "../../errors.js";
import { type LayoutOptions, layoutOf } from "../../options/index.js";
import type { RunModel } from "../../runs/model/open-model.js";
import type { RunRecipe } from "../../runs/run-folder.js";
import { allIndices } from "../evaluate.js";
import { requireLabelsRead } from "../other-data.js";

export interface ProbeDataOptions extends LayoutOptions {
  readonly data: string;
  readonly format?: string | undefined;
  /** Labels for data without labels. */
  readonly labels?: string | undefined;
  readonly stream?: "auto" | "always" | "never" | undefined;
  readonly labelFraction: number;
  /** Of every class, where the data has no test part. */
  readonly heldOut: number;
  readonly seed: number;
}

/** Samples, and the indices of those to use. */
export interface ProbePart {
  readonly samples: Samples;
  readonly indices: Int32Array;
}

export interface ProbeData {
  readonly classes: readonly string[];
  readonly train: ProbePart;
  readonly test: ProbePart;
  /** The data's test part, or samples held out of the training part. */
  readonly part: "test" | "held out";
  readonly notes: readonly string[];
}

/**
 * Reads data in the shape that a run's network takes, with its own classes.
 * @throws InputError where it is of another shape, or cannot be read or split.
 */
export async function readProbeData(options: ProbeDataOptions, run: RunRecipe): Promise<ProbeData> {
  const { data, labelFraction, heldOut, seed } = options;
  const dataSet = await readDataSet(data, readOptions(options, run));
  requireLabelsRead(options, dataSet);
  const { train, test, classes, notes } = dataSet;
  const [received, expected] = [train.shape.join(" x "), run.resolved.sampleShape.join(" x ")];
  if (received !== expected)
    throw new InputError(`the samples of ${data} are ${received}; the run was trained on ${expected}`);
  const given = givenSplit(dataSet);
  const split = test === null && given === null ? stratifiedSplit(train.labels, classes, heldOut, seed) : given;
  const learnable = split?.train ?? allIndices(train.labels);
  const labels = learnable.map((i) => train.labels[i] as number);
  const chosen = stratifiedSubset(labels, classes.length, labelFraction, seed);
  return {
    classes,
    train: { samples: train, indices: chosen.map((place) => learnable[place] as number) },
    test: test === null ? { samples: train, indices: split?.validation ?? new Int32Array() } : allOf(test),
    part: test === null ? "held out" : "test",
    notes: [...notes, ...(split?.notes ?? [])],
  };
}

const allOf = (samples: Samples): ProbePart => ({ samples, indices: allIndices(samples.labels) });

function readOptions(options: ProbeDataOptions, { recipe, resolved }: RunRecipe): DataOptions {
  const { format, labels: labelsFile, stream = "auto" } = options;
  return {
    ...layoutOf(options),
    strict: recipe.strict,
    stream,
    ...(format !== undefined && { format }),
    ...(labelsFile !== undefined && { labelsFile }),
    ...(resolved.depthRanges && { depthRanges: resolved.depthRanges }),
    ...(resolved.sampleShape.length === 3 && { imageSize: resolved.sampleShape[1] as number }),
  };
}

/** The labels of a part, in the order of its indices. */
export function labelsOf({ samples, indices }: ProbePart): Int32Array {
  return indices.map((i) => samples.labels[i] as number);
}

/** Loads a part in the format of the run's network, and releases it afterwards. */
export async function withLoader<T>(
  { samples }: ProbePart,
  { device, dtype }: RunModel,
  normalization: ChannelStatistics,
  use: (loader: Loader) => Promise<T>,
): Promise<T> {
  const loader = createLoader({ samples, normalization, device, dtype });
  try {
    return await use(loader);
  } finally {
    loader.release();
  }
}
