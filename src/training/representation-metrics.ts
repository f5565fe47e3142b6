// How a network that learns without labels is doing: whether it collapses, and how much its features know of the classes.
import type { BatchSource } from "../data/index.js";
import { concatenate, someOf } from "../evaluation/evaluate.js";
import { featuresOf } from "../evaluation/probe/features.js";
import { healthOf } from "../evaluation/probe/health.js";
import { accuracyOf, l2Default, probeFixedFeatures } from "../evaluation/probe/linear-fixed.js";
import { nearestNeighbors } from "../evaluation/probe/nearest-neighbors.js";
import type { RepresentationFigures } from "../runs/epoch-metrics.js";
import type { Prepared } from "../runs/prepare.js";
import { noGrad, scope, type Tensor } from "../torch/index.js";
import { evaluatedModel, type Session } from "./session.js";

/** Samples that the health of the embedding is measured on, those that vote in the neighbourhood, those asked about. */
const most = { health: 1000, bank: 5000, queries: 1000 } as const;
const neighbours = { k: 200, temperature: 0.1 } as const;

/**
 * The figures of an epoch, in evaluation mode: deviation, effective rank and uniformity of the projections of at most 1,000
 * training samples, the alignment of two views of each, and what the features know: 200 weighted neighbours and logistic
 * regression learn from at most 5,000 training samples and are asked about at most 1,000 test samples.
 */
export async function representationFigures(prepared: Prepared, session: Session): Promise<RepresentationFigures> {
  return inEvaluation(session, async () => ({
    ...(await healthFigures(prepared, session)),
    ...(await knowledge(prepared, session, subset(prepared))),
  }));
}

async function healthFigures({ recipe, trainIndices }: Prepared, session: Session): Promise<RepresentationFigures> {
  const { loader, trainingSource, compute, objective } = session;
  const model = evaluatedModel(session);
  const chosen = someOf(trainIndices, most.health, recipe.seed, "embedding health");
  const embed = (images: Tensor) =>
    projections(
      compute(() => model.forward(images)),
      recipe.dimension,
    );
  const rows = async (source: BatchSource, epoch?: number) => {
    const parts: Float32Array[] = [];
    const options = { indices: chosen, batchSize: 256, unreadable: "gray" } as const;
    for await (const { images } of source.batches({ ...options, ...(epoch !== undefined && { epoch }) })) {
      parts.push(scope(() => noGrad(() => embed(images)).data()) as Float32Array);
    }
    return parts;
  };
  // Epochs that are not trained: the same views every time.
  const first = await rows(trainingSource, recipe.epochs);
  const second = objective.views === 2 ? null : await rows(trainingSource, recipe.epochs + 1);
  const half = (both: Float32Array, view: number) =>
    both.subarray((view * both.length) / 2, ((view + 1) * both.length) / 2);
  const views: [Float32Array, Float32Array] =
    second === null
      ? [concatenate(first.map((both) => half(both, 0))), concatenate(first.map((both) => half(both, 1)))]
      : [concatenate(first), concatenate(second)];
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

/** What the features know of the classes: of these training samples, judged on those of the test set. */
interface Asked {
  readonly bank: Int32Array;
  readonly queries: Int32Array;
  /** Of logistic regression; chosen on held-out training samples unless given. */
  readonly l2?: number;
}

/** Empty without a test set, where there is but one class, or where no training sample has a label. */
async function knowledge(prepared: Prepared, session: Session, { bank, queries, l2 }: Asked) {
  const { recipe, train, test, classes } = prepared;
  const { testLoader, device } = session;
  if (test === null || testLoader === null || classes.length < 2 || bank.length === 0) return {};
  const backbone = { model: evaluatedModel(session), compute: session.compute };
  const labelled = async (loader: BatchSource, asked: Int32Array, { labels }: Pick<typeof train, "labels">) => {
    const { features, indices } = await featuresOf(backbone, loader, asked);
    const own = indices.map((sample) => labels[sample] as number);
    return { features, size: backbone.model.embeddingSize, labels: own };
  };
  const known = await labelled(session.loader, bank, train);
  const asked = await labelled(testLoader, queries, test);
  const shape = { classes: classes.length, device };
  const answers = nearestNeighbors(known, asked.features, { ...neighbours, ...shape });
  const linear = probeFixedFeatures(known, asked, { ...shape, seed: recipe.seed, ...(l2 !== undefined && { l2 }) });
  return { knnAccuracy: accuracyOf(answers, asked.labels), linearAccuracy: linear.accuracy };
}

/** Some data has labels for a part of it only. */
const labelledOf = ({ train, trainIndices }: Prepared) =>
  trainIndices.filter((sample) => (train.labels[sample] as number) >= 0);

function subset(prepared: Prepared): Asked {
  const { recipe, test } = prepared;
  const everything = Int32Array.from(test?.labels.keys() ?? []);
  return {
    bank: someOf(labelledOf(prepared), most.bank, recipe.seed, "neighbours"),
    queries: someOf(everything, most.queries, recipe.seed, "queries"),
    l2: l2Default,
  };
}

/** The figures after the last epoch: what the features know is learnt from all training samples and asked of all test samples. */
export async function finalRepresentationFigures(prepared: Prepared, session: Session): Promise<RepresentationFigures> {
  const { test } = prepared;
  const whole = { bank: labelledOf(prepared), queries: Int32Array.from(test?.labels.keys() ?? []) };
  return inEvaluation(session, async () => ({
    ...(await healthFigures(prepared, session)),
    ...(await knowledge(prepared, session, whole)),
  }));
}

async function inEvaluation<T>(session: Session, body: () => Promise<T>): Promise<T> {
  const model = evaluatedModel(session);
  const training = model.training;
  model.eval();
  try {
    return await body();
  } finally {
    model.train(training);
  }
}
