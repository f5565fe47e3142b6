// All that a run holds in memory, put together from a recipe's data and, where there is one, a checkpoint.
import { type BatchSource, createLoader, type Loader } from "../data/index.js";
import { InputError } from "../errors.js";
import { loadWeights, type Network } from "../models/index.js";
import { type Forward, networkForward, type Objective } from "../objectives/index.js";
import { buildModel } from "../runs/build-model.js";
import type { CheckpointTensors, LoadedCheckpoint } from "../runs/checkpoint.js";
import { type Compute, chooseCompute } from "../runs/compute.js";
import { isFactory } from "../runs/custom-model.js";
import type { Prepared } from "../runs/prepare.js";
import type { EpochHistory } from "../runs/sample-history.js";
import {
  type DType,
  fromStored,
  type nn,
  noGrad,
  ops,
  type optim,
  scope,
  type Tensor,
  tensor,
} from "../torch/index.js";
import { createObjective, type Start } from "./create-objective.js";
import type { CustomParts } from "./custom-parts.js";
import { averageWeights, type WeightAverage } from "./ema.js";
import { givenStart } from "./hooks/start-detection.js";
import { createOptimizer } from "./optimizer.js";
import { createTargetNetwork } from "./target-network.js";

/** Where tensors are, and their element type. */
interface Placement {
  readonly device: string;
  readonly dtype: DType;
}

export interface Session extends Omit<Compute, "dtype"> {
  readonly model: Network;
  /** The average of its weights, where the recipe keeps one. */
  readonly average: WeightAverage | null;
  /** The network in training as its objective calls it, in the precision and by the kernels of the run. */
  readonly forward: Forward;
  readonly objective: Objective;
  readonly start: Start;
  readonly optimizer: optim.Optimizer;
  /** The training samples without augmentation. */
  readonly loader: Loader;
  /** The training samples as the network is trained on them: augmented, in one view or two. */
  readonly trainingSource: BatchSource;
  readonly testLoader: Loader | null;
  /** How many of the network's outputs are classes. */
  readonly classes: number;
  /** What the user should be told of the weights that were loaded. */
  readonly notes: readonly string[];
  /** Gives the memory of each part back. */
  readonly owned: (() => void)[];
}

/**
 * Puts a run together: at its beginning, or where a checkpoint left it.
 * @throws InputError for unknown models, devices that are absent, weights or a checkpoint that do not fit.
 */
export async function openSession(
  prepared: Prepared,
  checkpoint: LoadedCheckpoint | null = null,
  custom: CustomParts = {},
): Promise<Session> {
  const owned: Session["owned"] = [];
  try {
    return await assemble(prepared, checkpoint, owned, custom);
  } catch (error) {
    for (const release of owned) release();
    throw error;
  }
}

async function assemble(
  prepared: Prepared,
  checkpoint: LoadedCheckpoint | null,
  owned: Session["owned"],
  custom: CustomParts,
): Promise<Session> {
  const { recipe, classes, train, test, normalization } = prepared;
  const { dtype, ...machine } = chooseCompute(recipe);
  const { device } = machine;
  const size = { classes: classes.length, shape: train.shape, dtype, device };
  const model = buildModel(recipe, size, custom.model);
  if (custom.model === undefined || isFactory(custom.model)) owned.push(() => releaseAll(model.stateDict()));
  requireFit(model, recipe.model, train.shape, { dtype, device });
  const fresh = checkpoint === null;
  const notes = fresh && recipe.weights !== undefined ? await startFrom(model, recipe.weights) : [];
  const average =
    recipe.emaDecay === undefined
      ? null
      : averageWeights(model, buildModel(recipe, size, custom.model), recipe.emaDecay);
  owned.push(() => releaseAll(average?.model.stateDict() ?? new Map()));
  const optimizer = createOptimizer(recipe, trainedParameters(model), custom.optimizer);
  owned.push(() => optimizer.release());
  const start = { epoch: checkpoint?.progress.startEpoch ?? givenStart(prepared) };
  const build = (seed: number) => buildModel({ ...recipe, seed }, size, custom.model, false);
  const targetNetwork = await createTargetNetwork({ recipe, model, build, compute: machine.compute, fresh });
  const objective = await createObjective(prepared, { device, dtype, targetNetwork }, start, custom.objective);
  if (typeof custom.objective !== "object") owned.push(() => releaseAll(objective.state()));
  const loaderOf = (samples: typeof train) => {
    const loader = createLoader({ samples, normalization, device, dtype });
    owned.push(() => loader.release());
    return loader;
  };
  const loader = loaderOf(train);
  const { augment, cropPadding, rotation, seed } = recipe;
  const trainingSource = loader.augmented({ augment, cropPadding, rotation, seed, views: objective.views });
  const testLoader = test === null ? null : loaderOf(test);
  if (checkpoint !== null) restore({ model, average, optimizer, objective }, checkpoint);
  const forward = networkForward(model, machine.compute);
  const parts = { model, average, forward, objective, start, optimizer, loader, trainingSource, testLoader };
  return { ...machine, ...parts, classes: classes.length, notes, owned };
}

/** What the optimiser changes: all but the classifier of a network that learns without labels. */
export function trainedParameters(model: nn.Module): Tensor[] {
  return model.parameters().filter(({ requiresGrad }) => requiresGrad);
}

/** The network to judge: with averaged weights where there are some. */
export function judged({ model, average }: Pick<Session, "model" | "average">): Network {
  return average?.model ?? model;
}

/** One forward pass of blank samples, so that a network that cannot take them says so before anything is written. */
function requireFit(model: nn.Module, name: string, shape: readonly number[], options: Placement): void {
  try {
    model.eval();
    scope(() => noGrad(() => void model.forward(ops.zeros([1, ...shape], options))));
  } catch (error) {
    const reason = (error as Error).message;
    throw new InputError(`model "${name}" does not take samples of ${shape.join(" x ")}: ${reason}`);
  }
}

function releaseAll(tensors: ReadonlyMap<string, Tensor>): void {
  for (const tensor of tensors.values()) tensor.release();
}

async function startFrom(model: nn.Module, weights: string): Promise<string[]> {
  const { replaced } = await loadWeights(model, weights);
  return replaced.length === 0
    ? []
    : [`${weights}: it has no classifier for these classes, so ${replaced.join(" and ")} start anew`];
}

type Stateful = Pick<Session, "model" | "average" | "optimizer" | "objective">;

/**
 * The tensors that a checkpoint holds; the optimiser's and the record's are copies, for the scope around to release.
 * @param record what an epoch that is not finished has seen of every sample
 */
export function checkpointTensors(
  { model, average, optimizer, objective }: Stateful,
  record: EpochHistory | null,
): CheckpointTensors {
  return {
    model: model.stateDict(),
    ema: average?.model.stateDict() ?? new Map(),
    optimizer: optimizer.state(),
    targets: objective.state(),
    record: new Map(record === null ? [] : [["rows", tensor(record)]]),
  };
}

function restore({ model, average, optimizer, objective }: Stateful, { tensors }: LoadedCheckpoint): void {
  scope(() =>
    noGrad(() => {
      try {
        model.loadStateDict(fromStored(tensors.model));
        average?.model.loadStateDict(fromStored(tensors.ema));
        optimizer.load(fromStored(tensors.optimizer));
        objective.load(fromStored(tensors.targets));
      } catch (error) {
        throw new InputError(`the checkpoint does not fit this recipe: ${(error as Error).message}`);
      }
    }),
  );
}

/** Gives the memory of a run back. */
export function closeSession({ owned }: Session): void {
  for (const release of owned.splice(0)) release();
}
