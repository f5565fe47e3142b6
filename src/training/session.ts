// All that a run holds in memory, put together from a recipe's data and, where there is one, a checkpoint.
import { createLoader, type Loader } from "../data/index.js";
import { InputError } from "../errors.js";
import { createModel, loadWeights } from "../models/index.js";
import type { Objective } from "../objectives/index.js";
import {
  type DType,
  fromStored,
  manualSeed,
  type nn,
  noGrad,
  ops,
  type optim,
  scope,
  type Tensor,
} from "../torch/index.js";
import type { CheckpointTensors, LoadedCheckpoint } from "./checkpoint.js";
import { createObjective, createOptimizer } from "./components.js";
import { chooseMachine, type Machine } from "./machine.js";
import type { Prepared } from "./prepare.js";
import type { ResolvedRecipe } from "./resolve.js";

export interface Session extends Omit<Machine, "dtype"> {
  readonly model: nn.Module;
  readonly objective: Objective;
  readonly optimizer: optim.Optimizer;
  readonly loader: Loader;
  readonly testLoader: Loader | null;
  /** What the user should be told of the weights that were loaded. */
  readonly notes: readonly string[];
  /** Gives the memory of each part back. */
  readonly owned: (() => void)[];
}

/** The network of a recipe, on the device, its weights drawn from the seed. */
export function buildModel(
  recipe: ResolvedRecipe,
  classes: number,
  shape: readonly number[],
  dtype: DType,
  device: string,
) {
  manualSeed(recipe.seed);
  const images = shape.length === 3;
  const size = images
    ? { channels: shape[0] as number, imageSize: shape[1] as number }
    : { features: featuresOf(shape) };
  const stem = recipe.stem === undefined ? {} : { stem: recipe.stem };
  const model = createModel(recipe.model, { classes, width: recipe.width, ...size, ...stem });
  if (images) model.to("channels_last");
  return model.to(dtype).to(device);
}

const featuresOf = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);

/**
 * Puts a run together: at its beginning, or where a checkpoint left it.
 * @throws InputError for unknown models, devices that are absent, weights or a checkpoint that do not fit.
 */
export async function openSession(prepared: Prepared, checkpoint: LoadedCheckpoint | null = null): Promise<Session> {
  const owned: Session["owned"] = [];
  try {
    return await assemble(prepared, checkpoint, owned);
  } catch (error) {
    for (const release of owned) release();
    throw error;
  }
}

async function assemble(
  prepared: Prepared,
  checkpoint: LoadedCheckpoint | null,
  owned: Session["owned"],
): Promise<Session> {
  const { recipe, classes, train, test, normalisation } = prepared;
  const { dtype, ...machine } = chooseMachine(recipe);
  const { device } = machine;
  const model = buildModel(recipe, classes.length, train.shape, dtype, device);
  owned.push(() => releaseAll(model.stateDict()));
  requireFit(model, recipe.model, train.shape, { dtype, device });
  const fresh = checkpoint === null && recipe.weights !== undefined;
  const notes = fresh ? await startFrom(model, recipe.weights as string) : [];
  const optimizer = createOptimizer(recipe, model.parameters());
  owned.push(() => optimizer.release());
  const objective = createObjective(prepared, { device, dtype });
  owned.push(() => releaseAll(objective.state()));
  const loaderOf = (samples: typeof train) => {
    const loader = createLoader({ samples, normalisation, device, dtype });
    owned.push(() => loader.release());
    return loader;
  };
  const loader = loaderOf(train);
  const testLoader = test === null ? null : loaderOf(test);
  if (checkpoint !== null) restore({ model, optimizer, objective }, checkpoint);
  return { ...machine, model, objective, optimizer, loader, testLoader, notes, owned };
}

/** One forward pass of blank samples, so that a network that cannot take them says so before anything is written. */
function requireFit(
  model: nn.Module,
  name: string,
  shape: readonly number[],
  options: { readonly dtype: DType; readonly device: string },
): void {
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
  return replaced.length === 0 ? [] : [`${weights}: the classes differ, so ${replaced.join(" and ")} start anew`];
}

type Stateful = Pick<Session, "model" | "optimizer" | "objective">;

/** The tensors that a checkpoint holds; the optimiser's are copies, for the scope around to release. */
export function checkpointTensors({ model, optimizer, objective }: Stateful): CheckpointTensors {
  return { model: model.stateDict(), optimizer: optimizer.state(), targets: objective.state() };
}

function restore({ model, optimizer, objective }: Stateful, { tensors }: LoadedCheckpoint): void {
  scope(() =>
    noGrad(() => {
      try {
        model.loadStateDict(fromStored(tensors.model));
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
