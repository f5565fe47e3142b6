// All that a run holds in memory, put together from a recipe's data and, where there is one, a checkpoint.
import { createLoader, type Loader } from "../data/index.js";
import { InputError } from "../errors.js";
import { createModel, loadWeights } from "../models/index.js";
import type { Objective } from "../objectives/index.js";
import {
  chooseDevice,
  choosePrecision,
  type DType,
  fromStored,
  manualSeed,
  type nn,
  noGrad,
  type optim,
  scope,
} from "../torch/index.js";
import type { CheckpointTensors, LoadedCheckpoint } from "./checkpoint.js";
import { createObjective, createOptimizer } from "./components.js";
import type { Prepared } from "./prepare.js";
import type { ResolvedRecipe } from "./resolve.js";

export interface Session {
  readonly device: string;
  /** What convolutions and linear layers compute in. */
  readonly precision: DType;
  readonly model: nn.Module;
  readonly objective: Objective;
  readonly optimizer: optim.Optimizer;
  readonly loader: Loader;
  readonly testLoader: Loader | null;
  /** What the user should be told of the weights that were loaded. */
  readonly notes: readonly string[];
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

/** Puts a run together at its beginning. @throws InputError for unknown models, devices that are absent, weights that do not fit. */
export async function openSession(prepared: Prepared): Promise<Session> {
  const { recipe, classes, train, test, normalisation } = prepared;
  const device = chooseDevice(recipe.device);
  const precision = choosePrecision(recipe.precision, device);
  const dtype = precision === "float64" ? "float64" : "float32";
  const model = buildModel(recipe, classes.length, train.shape, dtype, device);
  const notes = recipe.weights === undefined ? [] : await startFrom(model, recipe.weights);
  const loaderOf = (samples: typeof train) => createLoader({ samples, normalisation, device, dtype });
  return {
    device,
    precision,
    model,
    objective: createObjective(prepared, { device, dtype }),
    optimizer: createOptimizer(recipe, model.parameters()),
    loader: loaderOf(train),
    testLoader: test === null ? null : loaderOf(test),
    notes,
  };
}

async function startFrom(model: nn.Module, weights: string): Promise<string[]> {
  const { replaced } = await loadWeights(model, weights);
  return replaced.length === 0 ? [] : [`${weights}: the classes differ, so ${replaced.join(" and ")} start anew`];
}

/** The tensors that a checkpoint holds. */
export function checkpointTensors({ model, optimizer, objective }: Session): CheckpointTensors {
  return { model: model.stateDict(), optimizer: optimizer.state(), targets: objective.state() };
}

/** Puts a session where a checkpoint was. @throws InputError when the checkpoint belongs to another run. */
export function restoreSession({ model, optimizer, objective }: Session, { tensors }: LoadedCheckpoint): void {
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
export function closeSession({ model, loader, testLoader, objective }: Session): void {
  for (const tensor of [...model.stateDict().values(), ...objective.state().values()]) tensor.release();
  loader.release();
  testLoader?.release();
}
