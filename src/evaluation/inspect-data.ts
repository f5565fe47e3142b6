// Inspects a run together with data that is given: the run's, moved to another place, or labeled data that it never saw.
import { digestsOf } from "../data/copies/index.js";
import { type DataSet, dataPlace, fingerprint, folderOf, readDataSet, type Samples, samplesAt } from "../data/index.js";
import { InputError } from "../errors.js";
import type { RunInspection } from "../issues/evidence.js";
import { option } from "../options/index.js";
import { prepareSameData } from "../runs/prepare-same-data.js";
import type { RunRecipe } from "../runs/run-folder.js";
import {
  type InspectedData,
  type InspectedRun,
  type InspectRunOptions,
  inspectPrepared,
  inspectRun,
  openInspected,
  type UnseenSamples,
} from "./inspect-run.js";
import { byRunClasses, type ReadingOptions, readingOptions, requireShape, withLabelsOf } from "./other-data.js";

export interface InspectDataOptions extends Omit<InspectRunOptions, "data" | "prepared" | "dataSet">, ReadingOptions {
  /** The part of data that the run never saw (default: all samples but those of its test part). */
  readonly part?: "train" | "validation" | "test" | undefined;
}

/**
 * As `inspectRun` where the data has the fingerprint of the run's: it has moved. Other data with classes of the run, matched by
 * name, is labeled data that the run never saw: `unseen` has the network's outputs for it, and the run's data is read for copies.
 *
 * @example const { issues } = await findIssues(await inspectData("runs/photos-sat-1", "./new-batch"))
 *
 * @throws InputError for a class or a shape of samples that the run does not have, and where most of the samples are copies of
 * those that the run was trained on.
 */
export async function inspectData(run: string, path: string, options: InspectDataOptions = {}): Promise<RunInspection> {
  const opened = openInspected(run);
  const { runRecipe } = opened;
  const found = options.skipMissing ? null : await otherData(path, options, runRecipe);
  if (found === null) {
    const inspection = await inspectRun(run, { ...options, data: path });
    return withNote(inspection, `${path}: the data of the run`);
  }
  const dataSet = withRunClasses(path, found, runRecipe);
  const unseen = await unseenSamples(path, dataSet, options.part);
  const own = await ownData(opened);
  await requireUnseen(path, unseen.samples, own);
  const inspection = await inspectPrepared(opened, own, options, unseen);
  return withNote(inspection, `${path}: not the data of the run, but ${describe(unseen, dataSet)}`);
}

const withNote = (inspection: RunInspection, note: string): RunInspection => ({
  ...inspection,
  notes: [note, ...inspection.notes],
});

function describe({ samples }: UnseenSamples, { test }: DataSet): string {
  const rest =
    test === null || test === samples
      ? ""
      : `; its test part (${test.labels.length}) is searched with ${option("part", "test")}`;
  return `${samples.labels.length} samples that it was not trained on${rest}`;
}

/** The data as it is read; null where it is the run's. */
async function otherData(path: string, options: InspectDataOptions, run: RunRecipe): Promise<DataSet | null> {
  const isRuns = (data: DataSet) => fingerprint(data) === run.resolved.fingerprint;
  const { labels } = run.recipe;
  if (labels !== undefined && options.labels === undefined) {
    const readAsRun = await readDataSet(path, readingOptions(true, options, run)).catch(() => null);
    if (readAsRun !== null && isRuns(readAsRun)) return null;
  }
  const reading = readingOptions(true, options, { ...run, recipe: { ...run.recipe, labels: undefined } });
  const data = await readDataSet(path, reading);
  return isRuns(data) ? null : withLabelsOf(options.labels, data, options);
}

/** Classes by name. */
function withRunClasses(path: string, { classes, train, test, ...data }: DataSet, run: RunRecipe): DataSet {
  requireShape(path, train.shape, run);
  const known = run.resolved.classes;
  const renumbered = (samples: Samples) => ({ ...samples, labels: byRunClasses(samples.labels, classes, known) });
  return { ...data, classes: known, train: renumbered(train), test: test && renumbered(test) };
}

async function unseenSamples(path: string, dataSet: DataSet, part: InspectDataOptions["part"]): Promise<UnseenSamples> {
  const all = part === "test" ? dataSet.test : dataSet.train;
  const indices = all === null ? new Int32Array() : indicesOf(all.labels, new Set(dataSet.validation), part);
  if (all === null || indices.length === 0) {
    throw new InputError(`${path} has no ${part ?? "training"} part: received ${option("part", part ?? "train")}`);
  }
  const samples = indices.length === all.labels.length ? all : samplesAt(all, indices);
  return { samples, indices, dataSet, folder: folderOf(await dataPlace(path)) };
}

function indicesOf(labels: Int32Array, validation: ReadonlySet<number>, part: InspectDataOptions["part"]): Int32Array {
  const all = Int32Array.from(labels.keys());
  if (part === undefined || part === "test") return all;
  return all.filter((i) => validation.has(i) === (part === "validation"));
}

/** The run's data, for copies; none of it, with a note, where it cannot be read. */
async function ownData({ run, runRecipe }: InspectedRun): Promise<InspectedData> {
  try {
    return await prepareSameData(run, runRecipe, {}, "comparing with the data of the run");
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { classes, sampleShape: shape, normalization } = runRecipe.resolved;
    const none = new Int32Array();
    const train = { values: new Uint8Array(), shape, labels: none };
    const notes = [`copies in the data of the run are not looked for, as it cannot be read: ${error.message}`];
    return { classes, train, trainIndices: none, cleanLabels: null, test: null, normalization, notes };
  }
}

/** @throws InputError where more than half of the samples are exact copies of those trained on. */
async function requireUnseen(path: string, samples: Samples, { train, trainIndices }: InspectedData): Promise<void> {
  const own = await digestsOf(train);
  const known = new Set(Array.from(trainIndices, (i) => own[i]));
  const copies = (await digestsOf(samples)).filter((digest) => digest !== null && known.has(digest)).length;
  const count = samples.labels.length;
  if (2 * copies <= count) return;
  throw new InputError(
    `${path}: ${copies} of ${count} samples are copies of those that the run was trained on; expected its data unchanged, ${option("skipMissing")} where only files are missing, or samples that it has not seen`,
  );
}
