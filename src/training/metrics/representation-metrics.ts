// Metrics of a self-supervised network: whether it collapses, and how well its features predict the classes.
import type { BatchSource } from "../../data/index.js";
import { concatenate, sampleIndices } from "../../evaluation/evaluate.js";
import { featuresOf } from "../../evaluation/probe/features.js";
import { healthOf } from "../../evaluation/probe/health.js";
import { accuracyOf, l2Default, probeFixedFeatures } from "../../evaluation/probe/linear-fixed.js";
import { nearestNeighbors } from "../../evaluation/probe/nearest-neighbors.js";
import type { RepresentationFigures } from "../../runs/files/epoch-metrics.js";
import type { Prepared } from "../../runs/prepare.js";
import { noGrad, scope, type Tensor } from "../../torch/index.js";
import type { Session } from "../session/session.js";
import { type EvaluationParts, evaluatedModel } from "./evaluation.js";

/** The parts of a session that these metrics need. */
type Parts = EvaluationParts & Pick<Session, "trainingSource" | "objective" | "device">;

/** The most samples for embedding health, for the bank of nearest neighbors, and to evaluate. */
const most = { health: 1000, bank: 5000, queries: 1000 } as const;
const neighbors = { k: 200, temperature: 0.1 } as const;

/**
 * The figures of an epoch, in evaluation mode: deviation, effective rank and uniformity of the projections of at most 1,000
 * training samples, the alignment of two views of each, and the accuracy of 200 weighted neighbors and of logistic regression,
 * fitted to at most 5,000 training samples and evaluated on at most 1,000 test samples.
 */
export async function representationFigures(prepared: Prepared, session: Parts): Promise<RepresentationFigures> {
  return inEvaluation(session, async () => ({
    ...(await healthFigures(prepared, session)),
    ...(await classFigures(prepared, session, subset(prepared))),
  }));
}

async function healthFigures({ recipe, trainIndices }: Prepared, session: Parts): Promise<RepresentationFigures> {
  const { loader, trainingSource, compute, objective } = session;
  const model = evaluatedModel(session);
  const chosen = sampleIndices(trainIndices, most.health, recipe.seed, "embedding health");
  const embed = (images: Tensor) =>
    projections(
      compute(() => model.forward(images)),
      recipe.dimension,
    );
  const rows = async (source: BatchSource, epoch = 0) => {
    const parts: Float32Array[] = [];
    for await (const { images } of source.batches({ indices: chosen, batchSize: 256, epoch, unreadable: "gray" })) {
      parts.push(scope(() => noGrad(() => embed(images)).data()) as Float32Array);
    }
    return parts;
  };
  // Epochs that are not trained: the same views every time.
  const first = await rows(trainingSource, recipe.epochs);
  const second = objective.views === 2 ? null : await rows(trainingSource, recipe.epochs + 1);
  const half = (both: Float32Array, view: number) =>
    both.subarray((view * both.length) / 2, ((view + 1) * both.length) / 2);
  const viewOf = (view: number) => concatenate(first.map((both) => half(both, view)));
  const views: [Float32Array, Float32Array] =
    second === null ? [viewOf(0), viewOf(1)] : [concatenate(first), concatenate(second)];
  const health = healthOf(concatenate(await rows(loader)), chosen.length, views);
  const { deviation: embeddingDeviation, evenDeviation, effectiveRank, uniformity, alignment } = health;
  return { embeddingDeviation, evenDeviation, effectiveRank, uniformity, alignment };
}

/** The last d columns: behind the predictions, where there are some. */
function projections(outputs: Tensor, dimension = outputs.shape[1] as number): Tensor {
  return outputs
    .narrow(1, (outputs.shape[1] as number) - dimension, dimension)
    .to("float32")
    .contiguous();
}

/** The samples to fit to, of the training set, and to evaluate on, of the test set. */
interface ProbeIndices {
  readonly bank: Int32Array;
  readonly queries: Int32Array;
  /** Of logistic regression (default: chosen on held-out training samples). */
  readonly l2?: number;
}

/** Empty without a test set, where there is but one class, or where no training sample has a label. */
async function classFigures(prepared: Prepared, session: Parts, { bank, queries, l2 }: ProbeIndices) {
  const { recipe, train, test, classes } = prepared;
  const { testLoader, device } = session;
  if (test === null || testLoader === null || classes.length < 2 || bank.length === 0) return {};
  const backbone = { model: evaluatedModel(session), compute: session.compute, group: session.group };
  const featuresAt = async (loader: BatchSource, chosen: Int32Array, { labels }: Pick<typeof train, "labels">) => {
    const { features, indices } = await featuresOf(backbone, loader, chosen);
    const size = backbone.model.embeddingSize;
    return { features, size, labels: indices.map((sample) => labels[sample] as number) };
  };
  const fitted = await featuresAt(session.loader, bank, train);
  const tested = await featuresAt(testLoader, queries, test);
  const shape = { classes: classes.length, device };
  const predicted = nearestNeighbors(fitted, tested.features, { ...neighbors, ...shape });
  const linear = probeFixedFeatures(fitted, tested, { ...shape, seed: recipe.seed, ...(l2 !== undefined && { l2 }) });
  return { knnAccuracy: accuracyOf(predicted, tested.labels), linearAccuracy: linear.accuracy };
}

/** Data may be labeled in part. */
const labeledOf = ({ train, trainIndices }: Prepared) =>
  trainIndices.filter((sample) => (train.labels[sample] as number) >= 0);

function subset(prepared: Prepared): ProbeIndices {
  const { recipe, test } = prepared;
  const everything = Int32Array.from(test?.labels.keys() ?? []);
  return {
    bank: sampleIndices(labeledOf(prepared), most.bank, recipe.seed, "neighbors"),
    queries: sampleIndices(everything, most.queries, recipe.seed, "queries"),
    l2: l2Default,
  };
}

/** The figures after the last epoch: the probes are fitted to all training samples and evaluated on all test samples. */
export async function finalRepresentationFigures(prepared: Prepared, session: Parts): Promise<RepresentationFigures> {
  const { test } = prepared;
  const all = { bank: labeledOf(prepared), queries: Int32Array.from(test?.labels.keys() ?? []) };
  return inEvaluation(session, async () => ({
    ...(await healthFigures(prepared, session)),
    ...(await classFigures(prepared, session, all)),
  }));
}

async function inEvaluation<T>(session: Parts, body: () => Promise<T>): Promise<T> {
  const model = evaluatedModel(session);
  const training = model.training;
  model.eval();
  try {
    return await body();
  } finally {
    model.train(training);
  }
}
