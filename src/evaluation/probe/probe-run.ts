// How much a run's features know of the classes of data: linear classifiers and nearest neighbors on the frozen network.
import type { Loader } from "../../data/index.js";
import { InputError } from "../../errors.js";
import { openRunModel, type RunModel } from "../../runs/open-model.js";
import { readRunRecipe } from "../../runs/run-folder.js";
import { featuresOf, type LabeledFeatures } from "./features.js";
import { embeddingHealth } from "./health.js";
import { probeFixedFeatures, shareRight } from "./linear-fixed.js";
import { probeBySgd } from "./linear-sgd.js";
import { nearestNeighbors } from "./nearest-neighbors.js";
import { labelsOf, type ProbeData, type ProbePart, readProbeData, withLoader } from "./probe-data.js";
import { describeProtocol, type ProbeFigures, type ProbeProtocol } from "./protocol.js";
import { settleBatchNorm } from "./recalibrate-batch-norm.js";
import { type ProbeMethod, type ProbeRunOptions, type ProbeSettings, settingsOf, weightsNamed } from "./settings.js";
import { probeViews } from "./training-crops.js";

/** The figures, how they were measured, and what there is to say about the data. */
export interface RunProbe extends ProbeFigures {
  /** Linear accuracy: on fixed features where that was asked for, else by SGD; null where neither was. */
  readonly linear: number | null;
  /** What each figure was measured by, in words and numbers. */
  readonly protocol: ProbeProtocol;
  readonly notes: readonly string[];
}

/**
 * Judges the frozen features of a run's network on data: a linear classifier or nearest neighbors learn from its training
 * part and are asked about its test part, or about a held-out share of every class where it has none. The test part chooses
 * nothing.
 *
 * Memory: the data, and its features.
 * @throws InputError when the run, its checkpoint, the data or an option cannot be used.
 */
export async function probeRun(run: string, options: ProbeRunOptions): Promise<RunProbe> {
  const settings = settingsOf(options);
  const { format, labels, stream } = options;
  const own = readRunRecipe(run);
  const weights = weightsNamed(run, settings.checkpoint);
  const data = await readProbeData({ ...settings, format, labels, stream }, own);
  const opened = openRunModel(own, weights, options);
  try {
    const figures = await judge(opened, data, own.resolved.normalization, settings, options.onProgress ?? (() => {}));
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

async function judge(
  opened: RunModel,
  data: ProbeData,
  normalization: Parameters<typeof withLoader>[2],
  settings: ProbeSettings,
  say: (line: string) => void,
): Promise<ProbeFigures> {
  const { methods, k, temperature, seed } = settings;
  const { device, model } = opened;
  const { train, test } = data;
  const classes = data.classes.length;
  const isImages = train.samples.shape.length === 3;
  const embed = async ({ samples, indices: asked }: ProbePart, loader: Loader) => {
    const { features, indices } = await featuresOf(opened, loader, asked);
    for (const note of loader.notes()) say(note);
    return { ...labeled(features, labelsOf({ samples, indices }), model.embeddingSize), indices };
  };

  if (settings.checkpoint === "initial") {
    say("measuring batch norm's averages of the initial weights");
    await withLoader(train, opened, normalization, (loader) => settleBatchNorm(opened, loader, train.indices, seed));
  }
  say(`embedding ${test.indices.length} samples to judge by`);
  const { judged, health } = await withLoader(test, opened, normalization, async (loader) => ({
    judged: await embed(test, loader),
    health: await embeddingHealth(opened, loader, test.indices, { seed, isImages }),
  }));
  return withLoader(train, opened, normalization, async (loader) => {
    say(`embedding ${train.indices.length} samples to learn from`);
    const learnt = await embed(train, loader);
    const asked = (method: ProbeMethod) => methods.includes(method);
    if (asked("knn")) say("nearest neighbors");
    const answers = asked("knn")
      ? nearestNeighbors(learnt, judged.features, { classes, k, temperature, device })
      : null;
    if (asked("lbfgs")) say("logistic regression on fixed features");
    const lbfgs = asked("lbfgs") ? probeFixedFeatures(learnt, judged, { classes, seed, device }) : null;
    const onEpoch = (epoch: number, loss: number) =>
      say(`SGD on frozen features: epoch ${epoch + 1} of ${settings.epochs}, loss ${loss.toFixed(4)}`);
    const views = probeViews(train, loader, opened, { normalization, seed });
    const bySgd = { ...settings, classes, device, views, onEpoch };
    const sgd = asked("sgd") ? await probeBySgd(opened, learnt, judged, bySgd) : null;
    views?.release();
    return {
      knn: answers && shareRight(answers, judged.labels),
      lbfgs,
      sgd: sgd === null ? null : { accuracy: sgd },
      health,
    };
  });
}

function labeled(features: Float32Array, labels: Int32Array, size: number): LabeledFeatures {
  const broken = features.findIndex((value) => !Number.isFinite(value));
  if (broken < 0) return { features, labels, size };
  throw new InputError(
    `the features of sample ${Math.floor(broken / size)} are not finite: this network cannot be probed`,
  );
}
