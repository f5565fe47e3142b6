// Probes a run's features: linear classifiers and nearest neighbors on the frozen network.
import type { Loader } from "../../data/index.js";
import { InputError } from "../../errors.js";
import { layoutOf } from "../../options/index.js";
import { readCheckpoint } from "../../runs/checkpoint.js";
import { openRunModel } from "../../runs/model/open-model.js";
import { readRunRecipe } from "../../runs/run-folder.js";
import { distributed } from "../../torch/index.js";
import { gatherNotes } from "../gather-outputs.js";
import { featuresOf, type LabeledFeatures } from "./features.js";
import { embeddingHealth } from "./health.js";
import { accuracyOf, probeFixedFeatures } from "./linear-fixed.js";
import { probeBySgd } from "./linear-sgd.js";
import { nearestNeighbors } from "./nearest-neighbors.js";
import { labelsOf, type ProbeData, type ProbePart, readProbeData, withLoader } from "./probe-data.js";
import { type ProbeMethod, type ProbeRunOptions, type ProbeSettings, settingsOf } from "./probe-options.js";
import { describeProtocol, type ProbeFigures, type ProbeProtocol } from "./protocol.js";
import { recalibrateBatchNorm } from "./recalibrate-batch-norm.js";
import { probeViews } from "./training-crops.js";

/** The figures, their protocol, and notes about the data. */
export interface RunProbe extends ProbeFigures {
  /** Linear accuracy: on fixed features if requested, else by SGD; null if neither was. */
  readonly linear: number | null;
  /** The protocol of each figure. */
  readonly protocol: ProbeProtocol;
  readonly notes: readonly string[];
}

/**
 * Evaluates the frozen features of a run's network on data: a linear classifier or nearest neighbors are fitted to its training
 * part and evaluated on its test part, or on a held-out fraction of every class without one. The test part is not used to
 * choose anything.
 *
 * Memory: the data, and its features.
 * @throws InputError when the run, its checkpoint, the data or an option cannot be used.
 */
export async function probeRun(run: string, options: ProbeRunOptions): Promise<RunProbe> {
  const settings = settingsOf(options);
  const { format, labels, stream } = options;
  const runRecipe = readRunRecipe(run);
  const { checkpoint } = settings;
  const weights = checkpoint === "initial" ? null : readCheckpoint(run, checkpoint);
  const data = await readProbeData({ ...settings, ...layoutOf(options), format, labels, stream }, runRecipe);
  const { group = distributed.soloGroup } = options;
  const opened = { ...openRunModel(runRecipe, weights, options), group };
  try {
    const figures = await probe(
      opened,
      data,
      runRecipe.resolved.normalization,
      settings,
      options.onProgress ?? (() => {}),
    );
    const protocol = describeProtocol(settings, data, opened, figures);
    return {
      linear: figures.lbfgs?.accuracy ?? figures.sgd?.accuracy ?? null,
      ...figures,
      protocol,
      notes: data.notes,
    };
  } finally {
    opened.release();
  }
}

/** A run's network, and the ranks that use it. */
type Opened = ReturnType<typeof openRunModel> & { readonly group: distributed.ProcessGroup };

async function probe(
  opened: Opened,
  data: ProbeData,
  normalization: Parameters<typeof withLoader>[2],
  settings: ProbeSettings,
  log: (line: string) => void,
): Promise<ProbeFigures> {
  const { methods, k, temperature, seed } = settings;
  const { device, model, group } = opened;
  const { train, test } = data;
  const classes = data.classes.length;
  const isImages = train.samples.shape.length === 3;
  const embed = async ({ samples, indices: requested }: ProbePart, loader: Loader) => {
    const { features, indices } = await featuresOf(opened, loader, requested);
    for (const note of await gatherNotes(opened.group, loader.notes())) log(note);
    return { ...labeledFeatures(features, labelsOf({ samples, indices }), model.embeddingSize), indices };
  };

  if (settings.checkpoint === "initial") {
    log("measuring batch norm's averages of the initial weights");
    await withLoader(train, opened, normalization, (loader) =>
      recalibrateBatchNorm(opened, loader, train.indices, seed),
    );
  }
  log(`embedding ${test.indices.length} test samples`);
  const { testFeatures, health } = await withLoader(test, opened, normalization, async (loader) => ({
    testFeatures: await embed(test, loader),
    health: await embeddingHealth(opened, loader, test.indices, { seed, isImages }),
  }));
  return withLoader(train, opened, normalization, async (loader) => {
    log(`embedding ${train.indices.length} samples to learn from`);
    const trainFeatures = await embed(train, loader);
    const has = (method: ProbeMethod) => methods.includes(method);
    if (has("knn")) log("nearest neighbors");
    const vote = (features: Float32Array) =>
      nearestNeighbors(trainFeatures, features, { classes, k, temperature, device });
    const predictions = has("knn") ? await distributed.gatherValues(group, vote(ownRows(testFeatures, group))) : null;
    if (has("lbfgs")) log("logistic regression on fixed features");
    const lbfgs = has("lbfgs") ? probeFixedFeatures(trainFeatures, testFeatures, { classes, seed, device }) : null;
    const onEpoch = (epoch: number, loss: number) =>
      log(`SGD on frozen features: epoch ${epoch + 1} of ${settings.epochs}, loss ${loss.toFixed(4)}`);
    const views = probeViews(train, loader, seed);
    const bySgd = { ...settings, classes, device, views, onEpoch };
    const sgd = has("sgd") ? await probeBySgd(opened, trainFeatures, testFeatures, bySgd) : null;
    return {
      knn: predictions && accuracyOf(predictions, testFeatures.labels),
      lbfgs,
      sgd: sgd === null ? null : { accuracy: sgd },
      health,
    };
  });
}

/** The features that a rank finds the neighbors of. */
function ownRows({ features, labels, size }: LabeledFeatures, group: distributed.ProcessGroup): Float32Array {
  const own = distributed.blockOf(Int32Array.from(labels.keys()), group);
  const [first = 0] = own;
  return features.subarray(first * size, (first + own.length) * size);
}

function labeledFeatures(features: Float32Array, labels: Int32Array, size: number): LabeledFeatures {
  const invalid = features.findIndex((value) => !Number.isFinite(value));
  if (invalid < 0) return { features, labels, size };
  throw new InputError(
    `the features of sample ${Math.floor(invalid / size)} are not finite: this network cannot be probed`,
  );
}
