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

/** When targets start to move; infinitely late while that is to be found out. */
export interface Start {
  epoch: number;
}

/** The objective of a run, its state at the beginning. */
export function createObjective(
  { recipe, train, classes }: Prepared,
  { device, dtype }: Placement,
  start: Start,
): Objective {
  if (recipe.objective === "ce") return crossEntropy();
  return selfAdaptive({
    labels: train.labels,
    classes: classes.length,
    momentum: recipe.targetMomentum,
    startEpoch: () => start.epoch,
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

/** The learning rate of a step: the schedule moves once an epoch, warm-up with every step. */
export type LearningRate = (epoch: number, step: number) => number;

export function createLearningRate(recipe: ResolvedRecipe, stepsPerEpoch: number): LearningRate {
  const { schedule, lr, epochs, milestones, stepFactor, warmupEpochs } = recipe;
  const schedules = {
    cosine: () => optim.cosine({ lr, epochs }),
    step: () => optim.step({ lr, milestones, factor: stepFactor }),
    constant: () => optim.constant({ lr }),
  };
  const scheduled = schedules[schedule]();
  const warmed = (at: number) => (warmupEpochs === 0 ? 1 : Math.min(1, at / warmupEpochs));
  return (epoch, step) => scheduled(epoch) * warmed(epoch + (step + 1) / stepsPerEpoch);
}
