// How a network that learns without labels is doing: whether it collapses, and how much its features know of the classes.
import { batchesOf, type Loader, randomFrom } from "../data/index.js";
import { noGrad, scope, type Tensor } from "../torch/index.js";
import { concatenate } from "./evaluate.js";
import type { Prepared } from "./prepare.js";
import { featuresOf } from "./probe/features.js";
import { healthOf } from "./probe/health.js";
import { nearestNeighbours } from "./probe/nearest-neighbours.js";
import type { SelfSupervisedMethod } from "./recipe.js";
import type { ResolvedRecipe } from "./resolve.js";
import type { EpochMetrics, RepresentationFigures } from "./run-types.js";
import { judged, type Session } from "./session.js";

/** Samples that the health of the embedding is measured on, those that vote in the neighbourhood, those asked about. */
const most = { health: 1000, bank: 5000, queries: 1000 } as const;
const neighbours = { k: 200, temperature: 0.1 } as const;

/** So many of the indices, the same in every epoch. */
function someOf(indices: Int32Array, count: number, seed: number, what: string): Int32Array {
  const places = randomFrom(seed, what).sample(indices.length, Math.min(indices.length, count));
  return places.map((place) => indices[place] as number).sort();
}

/**
 * The figures of an epoch, in evaluation mode: deviation, effective rank and uniformity of the projections of at most 1,000
 * training samples, the alignment of two views of each, and the accuracy of 200 weighted neighbours on the features:
 * at most 5,000 training samples vote on at most 1,000 test samples.
 */
export async function representationFigures(prepared: Prepared, session: Session): Promise<RepresentationFigures> {
  const model = judged(session);
  const training = model.training;
  model.eval();
  try {
    const health = await healthFigures(prepared, session);
    return { ...health, knnAccuracy: await neighbourAccuracy(prepared, session) };
  } finally {
    model.train(training);
  }
}

async function healthFigures({ recipe, trainIndices }: Prepared, session: Session): Promise<RepresentationFigures> {
  const { loader, shown, fetch, compute, objective } = session;
  const model = judged(session);
  const chosen = someOf(trainIndices, most.health, recipe.seed, "embedding health");
  const embed = (images: Tensor) =>
    projections(
      compute(() => model.forward(images)),
      recipe.dimension,
    );
  const batches = batchesOf(chosen, 256);
  const rows = async (ready: (at: number) => Promise<unknown>, show: (index: Int32Array) => Tensor) => {
    const parts: Float32Array[] = [];
    for (const [at, index] of batches.entries()) {
      await ready(at);
      parts.push(scope(() => noGrad(() => embed(show(index))).data()) as Float32Array);
    }
    return parts;
  };
  const viewsOf = (epoch: number) =>
    rows(
      (at) => fetch(batches, at, epoch),
      (index) => shown(index, epoch),
    );
  const whole = () =>
    rows(
      (at) => loader.fetch(batches, at),
      (index) => loader.batch(index),
    );
  // Epochs that are not trained: the same views every time.
  const first = await viewsOf(recipe.epochs);
  const second = "views" in objective && objective.views === 2 ? null : await viewsOf(recipe.epochs + 1);
  const half = (both: Float32Array, view: number) =>
    both.subarray((view * both.length) / 2, ((view + 1) * both.length) / 2);
  const views: [Float32Array, Float32Array] =
    second === null
      ? [concatenate(first.map((both) => half(both, 0))), concatenate(first.map((both) => half(both, 1)))]
      : [concatenate(first), concatenate(second)];
  const health = healthOf(concatenate(await whole()), chosen.length, views);
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

/** Null without a test set, where there is but one class, or where no training sample has a label. */
async function neighbourAccuracy(
  { recipe, train, test, trainIndices, classes }: Prepared,
  session: Session,
): Promise<number | null> {
  if (test === null || session.testLoader === null || classes.length < 2) return null;
  const backbone = { model: judged(session), compute: session.compute };
  const features = (loader: Loader, indices: Int32Array) => featuresOf(backbone, loader, indices);
  const labelled = trainIndices.filter((sample) => (train.labels[sample] as number) >= 0);
  if (labelled.length === 0) return null;
  const bank = someOf(labelled, most.bank, recipe.seed, "neighbours");
  const queries = someOf(Int32Array.from(test.labels.keys()), most.queries, recipe.seed, "queries");
  const learnt = await features(session.loader, bank);
  const labels = learnt.indices.map((sample) => train.labels[sample] as number);
  const known = { features: learnt.features, size: backbone.model.embeddingSize, labels };
  const asked = await features(session.testLoader, queries);
  const options = { ...neighbours, classes: classes.length, device: session.device };
  const answers = nearestNeighbours(known, asked.features, options);
  return answers.filter((answer, i) => answer === test.labels[asked.indices[i] as number]).length / answers.length;
}

const advice: Readonly<Record<SelfSupervisedMethod, string>> = {
  "sat-ssl": "a higher --slow-momentum or a lower --lr usually helps, and --initial-targets random",
  byol: "a higher --slow-momentum or a lower --lr usually helps",
  simsiam: "a lower --lr usually helps",
  simclr: "a lower --temperature or a larger --batch-size usually helps",
  moco: "a lower --temperature or a longer --queue usually helps",
  "fixed-random": "a lower --lr usually helps, or another --teacher",
};

/** Counts the evaluated epochs running in which all samples had nearly one representation; at the second there is a note. */
export function watchCollapse(
  before: number,
  { embeddingDeviation: deviation, evenDeviation: even, effectiveRank: rank, epoch }: EpochMetrics,
  { objective }: Pick<ResolvedRecipe, "objective">,
): { readonly epochs: number; readonly note: string | null } {
  if (deviation == null || even == null || rank == null) return { epochs: before, note: null };
  if (deviation >= even / 5 && rank >= 1.5) return { epochs: 0, note: null };
  const figures = `deviation ${deviation.toFixed(4)} of ${even.toFixed(4)}, effective rank ${rank.toFixed(1)}`;
  const help = advice[objective as SelfSupervisedMethod];
  const note = `epoch ${epoch}: the embedding is collapsing (${figures}): ${help}`;
  return { epochs: before + 1, note: before === 1 ? note : null };
}
