// Collects the evidence of a run about every sample: predictions, features, targets and history.
import { setImmediate } from "node:timers/promises";
import {
  createLoader,
  type DataSet,
  dataPlace,
  folderOf,
  type Loader,
  type Samples,
  samplesAt,
} from "../data/index.js";
import { InputError } from "../errors.js";
import type { RunInspection, TestOutputs, UnseenOutputs } from "../issues/evidence.js";
import { rowsOf } from "../issues/rows.js";
import { option } from "../options/index.js";
import { type LoadedCheckpoint, readNewestCheckpoint } from "../runs/checkpoint.js";
import { readHeldOut } from "../runs/files/held-out-files.js";
import { countHistory, readHistory } from "../runs/files/history-files.js";
import { type ComputeOptions, openRunModel, type RunModel } from "../runs/model/open-model.js";
import type { Prepared } from "../runs/prepare.js";
import { prepareSameData } from "../runs/prepare-same-data.js";
import { type RunRecipe, readRunRecipe } from "../runs/run-folder.js";
import { fromStored, noGrad, scope } from "../torch/index.js";
import { allIndices, concatenate, firstColumns } from "./evaluate.js";

export interface InspectRunOptions extends ComputeOptions {
  /** The data's new location, if it has moved. */
  readonly data?: string | undefined;
  /** The data, for a run that was trained on data in memory. */
  readonly dataSet?: DataSet | undefined;
  /** Go on without files of the data that are missing. */
  readonly skipMissing?: boolean | undefined;
  /** The data as `train` prepared it, so that it is not read again. */
  readonly prepared?: Prepared | undefined;
}

const batchSize = 256;

/**
 * Opens a run, finished or stopped, and evaluates its newest checkpoint (averaged weights if there are any) on all of its
 * data in one pass: `await findIssues(await inspectRun("runs/photos-sat-1"))`.
 *
 * Memory: the data itself, and n (classes + featureSize) float32.
 * @throws InputError when the run has no sample history or checkpoint, or when the data has changed since the run started.
 */
export async function inspectRun(run: string, options: InspectRunOptions = {}): Promise<RunInspection> {
  const opened = openInspected(run);
  const prepared = await prepareSameData(run, opened.runRecipe, options, "inspecting the run");
  return inspectPrepared(opened, prepared, options);
}

/** A run whose data is inspected. */
export interface InspectedRun {
  readonly run: string;
  readonly runRecipe: RunRecipe;
  readonly checkpoint: LoadedCheckpoint;
  readonly epochs: number;
}

/** @throws InputError when the run has no sample history or checkpoint. */
export function openInspected(run: string): InspectedRun {
  const runRecipe = readRunRecipe(run);
  const epochs = countHistory(run);
  if (epochs === 0) {
    throw new InputError(`${run} has no sample history: there is no record/0000.npy; expected an epoch or more`);
  }
  const checkpoint = readNewestCheckpoint(run);
  if (checkpoint === null)
    throw new InputError(`${run} has no checkpoint; resume it with ${option("resume")} until it saves one`);
  return { run, runRecipe, checkpoint, epochs };
}

/** What an inspection needs of the run's data. */
export type InspectedData = Partial<Pick<Prepared, "positions" | "pinned" | "leftOut">> &
  Pick<
    Prepared,
    "classes" | "train" | "cleanLabels" | "trainIndices" | "dataValidation" | "test" | "normalization" | "notes"
  >;

/** Labeled samples that the run was not trained on. */
export type UnseenSamples = Pick<UnseenOutputs, "indices" | "samples" | "dataSet" | "folder">;

/** The newest checkpoint on the run's data and, if there are any, on other samples. */
export async function inspectPrepared(
  { run, runRecipe, checkpoint, epochs }: InspectedRun,
  data: InspectedData,
  options: InspectRunOptions,
  unseen?: UnseenSamples,
): Promise<RunInspection> {
  const { classes, train, positions, pinned, leftOut, cleanLabels, trainIndices, dataValidation, notes } = data;
  const inspected = await runModel(runRecipe, checkpoint, data, options, unseen);
  return {
    ...inspected,
    folder: folderOf(await dataPlace(options.data ?? runRecipe.recipe.data)),
    classes,
    train,
    positions,
    pinned,
    cleanLabels,
    trainIndices,
    leftOut,
    dataValidation,
    targets: targetsOf(checkpoint),
    epochs,
    records: () => readHistory(run),
    heldOut: () => readHeldOut(run),
    notes: [
      ...notes,
      ...(checkpoint.damage ? [`${checkpoint.damage}; the one before is used`] : []),
      ...inspected.notes,
    ],
  };
}

type ModelOutputs = Pick<
  RunInspection,
  "logits" | "features" | "featureSize" | "unreadable" | "test" | "unseen" | "notes"
>;

async function runModel(
  runRecipe: RunRecipe,
  checkpoint: LoadedCheckpoint,
  { train, test, normalization }: InspectedData,
  options: ComputeOptions,
  unseen: UnseenSamples | undefined,
): Promise<ModelOutputs> {
  const opened = openRunModel(runRecipe, checkpoint, options);
  const withLoader = async <T>(samples: Samples, use: (loader: Loader) => Promise<T>) => {
    const loader = createLoader({ samples, normalization, device: opened.device, dtype: opened.dtype });
    return use(loader).finally(() => loader.release());
  };
  try {
    const { outputs: _, ...inspected } = await withLoader(train, (loader) =>
      embedAll(opened, loader, train.labels.length),
    );
    const outputsOf = (samples: Samples) => withLoader(samples, (loader) => testOf(opened, loader, samples));
    return {
      ...inspected,
      test: test === null ? null : await outputsOf(test),
      ...(unseen && { unseen: unseenOutputs(unseen, await outputsOf(unseen.samples)) }),
    };
  } finally {
    opened.release();
  }
}

/** Positions count in all of the data. */
function unseenOutputs({ dataSet, folder, indices }: UnseenSamples, outputs: TestOutputs): UnseenOutputs {
  const positions = outputs.indices?.map((row) => indices[row] as number) ?? indices;
  return { ...outputs, dataSet, folder, indices: positions };
}

/** The test samples that can be decoded. */
async function testOf(opened: RunModel, loader: Loader, test: Samples): Promise<TestOutputs> {
  const { logits, outputs, features, featureSize, unreadable } = await embedAll(opened, loader, test.labels.length);
  const unread = new Set(unreadable);
  const indices = allIndices(test.labels).filter((sample) => !unread.has(sample));
  if (indices.length === 0) throw new InputError(`none of ${test.labels.length} images can be decoded`);
  const samples = unread.size === 0 ? test : samplesAt(test, indices);
  const { files, labels } = samples;
  const readable = (values: Float32Array) => rowsOf(values, indices, values.length / test.labels.length);
  return {
    logits: readable(logits),
    outputs: readable(outputs),
    features: { values: readable(features), size: featureSize },
    labels,
    samples,
    ...(files && { files }),
    ...(unread.size > 0 && { indices }),
  };
}

/** The features of every sample, the outputs that the last layer makes of them, and which samples could not be read. */
async function embedAll({ model, classes, compute }: RunModel, loader: Loader, samples: number) {
  const featureSize = model.embeddingSize;
  const features = new Float32Array(samples * featureSize);
  const parts: Float32Array[] = [];
  const unreadable: number[] = [];
  for await (const batch of loader.batches({ batchSize, unreadable: "gray" })) {
    unreadable.push(...batch.unreadable);
    scope(() =>
      noGrad(() => {
        const embedded = compute(() => model.embed(batch.images));
        features.set(embedded.to("float32").data() as Float32Array, batch.step * batchSize * featureSize);
        parts.push(
          compute(() => model.classify(embedded))
            .to("float32")
            .data() as Float32Array,
        );
      }),
    );
    await setImmediate();
  }
  const outputs = concatenate(parts);
  const logits = firstColumns(outputs, samples, classes);
  return { logits, outputs, features, featureSize, unreadable: Int32Array.from(unreadable), notes: loader.notes() };
}

function targetsOf({ tensors }: LoadedCheckpoint): Float32Array | null {
  if (!tensors.targets.has("targets")) return null;
  return scope(() => fromStored(tensors.targets).get("targets")?.to("float32").data() as Float32Array);
}
