// A run in memory: model, objective, optimizer and data, created from a recipe or a checkpoint.
import { InputError } from "../../errors.js";
import { type MethodContext, methodNamed, optionsOf } from "../../methods/index.js";
import { describeLoaded, loadWeights, type Network } from "../../models/index.js";
import {
  type Forward,
  localState,
  networkForward,
  type Objective,
  type OwnedState,
  ownedState,
  weighClasses,
} from "../../objectives/index.js";
import { option } from "../../options/index.js";
import type { LoadedCheckpoint } from "../../runs/checkpoint.js";
import { buildModel } from "../../runs/model/build-model.js";
import { type Compute, chooseCompute } from "../../runs/model/compute.js";
import { isFactory } from "../../runs/model/custom-model.js";
import type { Prepared } from "../../runs/prepare.js";
import { distributed, nn, noGrad, ops, type optim, scope, type Tensor } from "../../torch/index.js";
import type { EvaluationParts } from "../metrics/evaluation.js";
import { acrossRanks } from "../parallel/across-ranks.js";
import { givenStart, type TargetStart } from "../start/given-start.js";
import { restoreCheckpoint } from "./checkpoint-tensors.js";
import { type CustomObjective, type CustomParts, completeObjective } from "./custom-parts.js";
import { averageWeights } from "./ema.js";
import { onFeatures } from "./feature-data.js";
import { freezingOf } from "./freezing.js";
import { freezeParameters, requireFreezable } from "./frozen-backbone.js";
import { createOptimizer } from "./optimizer.js";
import { createResources, type Resources } from "./resources.js";
import { createTargetNetwork } from "./target-network.js";
import { openData, type Placement, type TrainingData } from "./training-data.js";

export type Backward = (loss: Tensor, options?: { readonly retainGraph?: boolean }) => void;

/** A run in memory, released when it is disposed of. */
export interface Session extends Omit<Compute, "dtype">, EvaluationParts, TrainingData, Disposable {
  /** The forward pass that the objective calls, in the precision and with the kernels of the run. */
  readonly forward: Forward;
  /** The backward pass of a loss of `forward`'s outputs. */
  readonly backward: Backward;
  readonly objective: Objective;
  /** The rows of samples that ranks own; null in one process, which keeps all. */
  readonly ownedState: OwnedState | null;
  readonly start: TargetStart;
  readonly optimizer: optim.Optimizer;
  /** The full network, from samples to outputs; `model` may be one on its features. */
  readonly network: Network;
  /** Called at the beginning of every epoch. */
  readonly startEpoch: (epoch: number) => void;
  /** Notes for the user on the weights that were loaded, and on cached features. */
  readonly notes: readonly string[];
}

/**
 * Creates the parts of a run, in their initial state or in that of a checkpoint.
 * @throws InputError for unknown models, unavailable devices, and weights or a checkpoint that do not fit.
 */
export async function openSession(
  prepared: Prepared,
  checkpoint: LoadedCheckpoint | null = null,
  custom: CustomParts = {},
  group: distributed.ProcessGroup = distributed.soloGroup,
): Promise<Session> {
  const resources = createResources();
  try {
    return await assemble(prepared, checkpoint, { ...custom, group }, resources);
  } catch (error) {
    resources[Symbol.dispose]();
    throw error;
  }
}

async function assemble(
  prepared: Prepared,
  checkpoint: LoadedCheckpoint | null,
  { group, ...custom }: CustomParts & Pick<Session, "group">,
  resources: Resources,
): Promise<Session> {
  const { recipe, classes, train } = prepared;
  const { dtype, ...machine } = chooseCompute(recipe);
  const { device, compute } = machine;
  const placement = { device, dtype };
  const fresh = checkpoint === null;
  const size = { classes: classes.length, shape: train.shape, ...placement };
  const build = (seed: number, predictor?: boolean) => buildModel({ ...recipe, seed }, size, custom.model, predictor);

  const network = build(recipe.seed);
  if (custom.model === undefined || isFactory(custom.model)) resources.defer(() => releaseAll(network.stateDict()));
  requireFit(network, recipe.model, train.shape, placement);
  requireFreezable(recipe, network);
  const loaded =
    fresh && recipe.weights !== undefined
      ? [describeLoaded(recipe.weights, await loadWeights(network, recipe.weights))]
      : [];

  const start = { epoch: checkpoint?.progress.startEpoch ?? givenStart(prepared) };
  const drawn = (seed: number) => build(seed, false);
  const targetNetwork = await createTargetNetwork({ recipe, model: network, build: drawn, compute, fresh });
  const owned = group.world === 1 ? null : ownedState(group, train.labels.length);
  const parts = { ...placement, targetNetwork, sampleState: owned ?? localState, group };
  const objective = await createObjective(prepared, parts, start, custom.objective);
  if (typeof custom.objective !== "object") resources.defer(() => releaseAll(objective.state()));

  const freezing = freezingOf(recipe, objective);
  if (recipe.freeze === "backbone") freezeParameters(network);
  const model = freezing.wrap(network);
  const { emaDecay } = recipe;
  const average = emaDecay === undefined ? null : averageWeights(model, freezing.wrap(build(recipe.seed)), emaDecay);
  if (average !== null) resources.defer(() => releaseAll(average.model.stateDict()));
  const optimizer = createOptimizer(recipe, model, custom.optimizer);
  resources.defer(() => optimizer.release());

  if (checkpoint !== null) restoreCheckpoint({ model, average, optimizer, objective, ownedState: owned }, checkpoint);
  const samples = openData(prepared, placement, objective.views, resources);
  const data = freezing.caches ? onFeatures(prepared, samples, { network, compute, placement, machine }) : samples;
  const passes = passesOf(recipe, model, compute);
  const notes = [...loaded, ...freezing.notes];
  const { startEpoch } = freezing;
  const dispose = { [Symbol.dispose]: resources[Symbol.dispose] };
  const trained = { network, model, average, ...passes, objective, ownedState: owned, start, optimizer, group };
  return { ...machine, ...trained, ...data, classes: classes.length, startEpoch, notes, ...dispose };
}

/** The forward and the backward pass, with gradient checkpointing where the recipe asks for it. */
function passesOf({ gradientCheckpointing }: Prepared["recipe"], model: Network, compute: Compute["compute"]) {
  if (!gradientCheckpointing)
    return {
      forward: networkForward(model, compute),
      backward: ((loss, options) => loss.backward(options)) as Backward,
    };
  const forward = networkForward(model, (body) => compute(() => nn.checkpointing(body)));
  return { forward, backward: ((loss, options) => compute(() => nn.backwardCheckpointed(loss, options))) as Backward };
}

type TrainingParts = Pick<MethodContext, "device" | "dtype" | "targetNetwork" | "sampleState" | "group">;

/**
 * The objective of a run, its state at the beginning.
 * @throws InputError where the method cannot work with the recipe.
 */
export async function createObjective(
  { recipe, train, pinned, classes, format, normalization, classWeights }: Prepared,
  parts: TrainingParts,
  start: TargetStart,
  custom?: CustomObjective,
): Promise<Objective> {
  const method = methodNamed(recipe.objective);
  const { epochs } = recipe;
  const data = { labels: train.labels, pinned, classes, format, epochs, normalization };
  const context = { ...data, ...parts, startEpoch: () => start.epoch };
  const objective =
    custom === undefined ? await method.create(context, optionsOf(method, recipe)) : completeObjective(custom, context);
  const whole = classWeights === null ? objective : weighted(objective, classWeights);
  return "step" in whole || !whole.relatesSamples || parts.group.world === 1 ? whole : acrossRanks(whole, parts.group);
}

/** @throws InputError for a custom objective that calls the network itself. */
function weighted(objective: Objective, weights: readonly number[]): Objective {
  if (!("step" in objective)) return weighClasses(objective, weights);
  throw new InputError(
    `${option("classWeights")} is for losses of the outputs; received the objective ${objective.name}, which calls the network itself`,
  );
}

/** One forward pass of zeros, so that a network that does not fit the samples is refused before anything is written. */
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
