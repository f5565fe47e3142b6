// The optimizer that a recipe names.
import type { ResolvedRecipe } from "../runs/recipe/resolve.js";
import { optim, type Tensor } from "../torch/index.js";

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
