// The protocol of each figure of a probe, in words.
import type { RunModel } from "../../runs/model/open-model.js";
import type { EmbeddingHealth } from "./health.js";
import { type FixedFeaturesFigures, l2Grid } from "./linear-fixed.js";
import type { ProbeData } from "./probe-data.js";
import type { ProbeSettings } from "./probe-options.js";
import { recalibrationBatches } from "./recalibrate-batch-norm.js";
import { viewsText } from "./training-crops.js";

/** What a probe measures. */
export interface ProbeFigures {
  /** Accuracy of nearest neighbors. */
  readonly knn: number | null;
  readonly lbfgs: FixedFeaturesFigures | null;
  readonly sgd: { readonly accuracy: number } | null;
  readonly health: EmbeddingHealth;
}

export interface ProbeProtocol {
  readonly data: string;
  /** The evaluated samples: the data's test part, or samples held out of the training part. */
  readonly part: "test" | "held out";
  readonly trainSamples: number;
  readonly testSamples: number;
  readonly labelFraction: number;
  readonly classes: number;
  readonly checkpoint: string;
  /** In words, of weights that were not trained. */
  readonly initial: string | null;
  /** The size of a feature vector. */
  readonly embeddingSize: number;
  readonly seed: number;
  /** In words; null for a method that was not requested. */
  readonly lbfgs: string | null;
  readonly sgd: string | null;
  readonly knn: string | null;
  readonly health: string;
}

const recalibratedText = `random weights, batch norm's averages measured on ${recalibrationBatches} batches of the data`;

/** What was done, with the numbers that decide the figures. */
export function describeProtocol(
  settings: ProbeSettings,
  data: ProbeData,
  { model }: RunModel,
  figures: ProbeFigures,
): ProbeProtocol {
  const { labelFraction, checkpoint, seed } = settings;
  return {
    data: settings.data,
    part: data.part,
    trainSamples: data.train.indices.length,
    testSamples: data.test.indices.length,
    labelFraction,
    classes: data.classes.length,
    checkpoint,
    initial: checkpoint === "initial" ? recalibratedText : null,
    embeddingSize: model.embeddingSize,
    seed,
    lbfgs: figures.lbfgs && describeLbfgs(figures.lbfgs),
    sgd: figures.sgd && describeSgd(settings, data),
    knn: figures.knn === null ? null : describeNeighbors(settings, data),
    health: describeHealth(figures),
  };
}

function describeLbfgs({ l2, chosenOn, iterations, converged }: FixedFeaturesFigures): string {
  const choice =
    chosenOn === 0
      ? "the default, a class having one sample"
      : `chosen from ${l2Grid.join(", ")} on ${chosenOn} held-out training samples`;
  const end = converged ? `converged in ${iterations} steps` : `stopped after ${iterations} steps, not converged`;
  return `logistic regression by L-BFGS on fixed standardized features, no augmentation; l2 ${l2}, ${choice}; ${end}`;
}

function describeSgd({ epochs, batchSize, lr }: ProbeSettings, { train }: ProbeData): string {
  const views = viewsText(train) ?? "no augmentation";
  const rate = `learning rate ${lr} x ${batchSize}/256, cosine to 0`;
  return `linear layer by SGD on frozen standardized features, ${views}; ${epochs} epochs, batches of ${batchSize}, ${rate}, momentum 0.9, no weight decay; the last epoch's`;
}

function describeNeighbors({ k, temperature }: ProbeSettings, { train }: ProbeData): string {
  const count = Math.min(k, train.indices.length);
  return `${count} nearest neighbors by cosine, votes weighted by exp(cosine / ${temperature}), no augmentation`;
}

function describeHealth({ health: { samples, alignment } }: ProbeFigures): string {
  const views = alignment === null ? "" : "; alignment of two random crops and mirror images";
  return `normalized features of ${samples} test samples${views}`;
}
