// Opens the network of a run with the weights of one of its checkpoints, for evaluation.
import type { Network } from "../../models/index.js";
import { fromStored, type StoredDict, scope } from "../../torch/index.js";
import type { LoadedCheckpoint } from "../checkpoint.js";
import { parseRecipe } from "../recipe/schema.js";
import type { RunRecipe } from "../run-folder.js";
import { buildModel } from "./build-model.js";
import { type Compute, chooseCompute } from "./compute.js";
import { type CustomModel, isFactory } from "./custom-model.js";

/** Device, precision and kernels (default: as in training). */
export interface ComputeOptions {
  readonly precision?: string | undefined;
  readonly kernels?: string | undefined;
  readonly device?: string | undefined;
  /** The model of a run with a custom model; the run's weights are loaded into it. */
  readonly model?: CustomModel | undefined;
}

export interface RunModel extends Compute {
  /** In evaluation mode. */
  readonly model: Network;
  /** The number of classes; further outputs follow them. */
  readonly classes: number;
  release(): void;
}

/**
 * Builds a run's network with a checkpoint's weights, the averaged ones where there are some; without a checkpoint, with those
 * that its seed drew.
 * @throws InputError for a device, a precision or kernels that are unknown or absent here.
 */
export function openRunModel(
  { recipe, resolved }: RunRecipe,
  checkpoint: LoadedCheckpoint | null,
  { precision, kernels, device, model: custom }: ComputeOptions,
): RunModel {
  const requested = parseRecipe({
    ...recipe,
    ...(precision !== undefined && { precision }),
    ...(kernels !== undefined && { kernels }),
    ...(device !== undefined && { device }),
  });
  const compute = chooseCompute(requested);
  const { classes, sampleShape } = resolved;
  const { dtype } = compute;
  const size = { classes: classes.length, shape: sampleShape, dtype, device: compute.device };
  const model = buildModel(requested, size, custom);
  const isCallers = custom !== undefined && !isFactory(custom);
  const release = () => {
    if (!isCallers) for (const held of model.stateDict().values()) held.release();
  };
  try {
    if (checkpoint !== null) scope(() => model.loadStateDict(fromStored(weightsOf(checkpoint))));
  } catch (error) {
    release();
    throw error;
  }
  model.eval();
  return { ...compute, model, classes: classes.length, release };
}

function weightsOf({ tensors: { ema, model } }: LoadedCheckpoint): StoredDict {
  return ema.size > 0 ? ema : model;
}
