// The parts that a recipe names: objective, optimiser, schedule.
import { crossEntropy, type Objective, selfAdaptive } from "../objectives/index.js";
import { type DType, optim, type Tensor } from "../torch/index.js";
import type { Prepared } from "./prepare.js";
import type { ResolvedRecipe } from "./resolve.js";

export interface Placement {
  readonly device: string;
  /** The element type of weights, losses and targets. */
  readonly dtype: DType;
}

/** The objective of a run, its state at the beginning. */
export function createObjective({ recipe, train, classes }: Prepared, { device, dtype }: Placement): Objective {
  if (recipe.objective === "ce") return crossEntropy();
  return selfAdaptive({
    labels: train.labels,
    classes: classes.length,
    momentum: recipe.targetMomentum,
    startEpoch: recipe.startEpoch,
    form: recipe.form,
    dtype,
    device,
  });
}

export function createOptimizer(recipe: ResolvedRecipe, parameters: readonly Tensor[]): optim.Optimizer {
  const { optimizer, lr, momentum, nesterov, weightDecay } = recipe;
  switch (optimizer) {
    case "sgd":
      return optim.sgd(parameters, { lr, momentum, nesterov, weightDecay });
    case "adam":
      return optim.adam(parameters, { lr, weightDecay });
    case "adamw":
      return optim.adamW(parameters, { lr, weightDecay });
    case "lars":
      return optim.lars(parameters, { lr, momentum, weightDecay });
  }
}

export function createSchedule(recipe: ResolvedRecipe): optim.Schedule {
  const { schedule, lr, epochs, milestones, stepFactor, warmupEpochs } = recipe;
  const plain = {
    cosine: () => optim.cosine({ lr, epochs }),
    step: () => optim.step({ lr, milestones, factor: stepFactor }),
    constant: () => optim.constant({ lr }),
  }[schedule]();
  return warmupEpochs > 0 ? optim.linearWarmup(warmupEpochs, plain) : plain;
}
