// The learning-rate schedule that a recipe names.
import type { ResolvedRecipe } from "../runs/recipe/resolve.js";
import { optim } from "../torch/index.js";

/** The learning rate of a step: the schedule moves once an epoch, warm-up and one-cycle with every step. */
export type LearningRate = (epoch: number, step: number) => number;

export function createLearningRate(recipe: ResolvedRecipe, stepsPerEpoch: number): LearningRate {
  const { schedule, lr, minLr = 0, epochs, milestones, stepFactor, warmupEpochs } = recipe;
  if (schedule === "one-cycle") {
    const cycle = optim.oneCycle({ lr, steps: epochs * stepsPerEpoch, ...(recipe.minLr !== undefined && { minLr }) });
    return (epoch, step) => cycle(epoch * stepsPerEpoch + step);
  }
  const schedules = {
    cosine: () => optim.cosine({ lr, epochs, minLr }),
    step: () => optim.step({ lr, milestones, factor: stepFactor }),
    constant: () => optim.constant({ lr }),
  };
  const own = schedules[schedule]();
  const scheduled = (epoch: number) => Math.max(minLr, own(epoch));
  const warmed = (at: number) => (warmupEpochs === 0 ? 1 : Math.min(1, at / warmupEpochs));
  return (epoch, step) => scheduled(epoch) * warmed(epoch + (step + 1) / stepsPerEpoch);
}
