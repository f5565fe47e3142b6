// The given labels of `issues` without a run: those of a data set, or of a file.
import { labelsFromFile, readDataSet, readLabels, type Samples } from "../../../data/index.js";
import { type LayoutOptions, layoutOf } from "../../../options/index.js";
import type { LabeledData } from "../../../review/index.js";

export interface LabelSource {
  readonly data: string | undefined;
  readonly format: string | undefined;
  readonly labels: string | undefined;
  readonly layout: LayoutOptions;
}

export interface GivenLabels {
  readonly data: LabeledData;
  /** The samples of the training part, where there is data. */
  readonly samples: Samples | undefined;
  readonly notes: readonly string[];
}

/** The labels of the data's training part, or of the file, which has one for each of `samples`. */
export function labelsOf(source: LabelSource, samples: number): Promise<GivenLabels> {
  return source.data === undefined ? labelsOfFile(source, samples) : labelsOfData(source.data, source);
}

async function labelsOfFile({ labels, layout }: LabelSource, samples: number): Promise<GivenLabels> {
  const { classes, notes, ...train } = await labelsFromFile(labels as string, samples, layout);
  return { data: { path: null, classes, train, test: null }, samples: undefined, notes };
}

async function labelsOfData(path: string, { format, labels: labelsFile, layout }: LabelSource): Promise<GivenLabels> {
  const options = {
    singleClass: true,
    ...layoutOf(layout),
    ...(format !== undefined && { format }),
    ...(labelsFile !== undefined && { labelsFile }),
  };
  const { train, test, validation, classes, notes, labelsFile: readFrom } = await readDataSet(path, options);
  const read =
    labelsFile === undefined || readFrom !== undefined
      ? { labels: train.labels, notes: [] }
      : await readLabels(labelsFile, { ...train, otherFiles: test?.files }, classes, { canLeaveOut: true, ...layout });
  const data: LabeledData = { path, classes, train: { ...train, labels: read.labels }, validation, test };
  return { data, samples: train, notes: [...notes, ...read.notes] };
}
