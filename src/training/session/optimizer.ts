// The optimizer that a recipe names.
import { InputError } from "../../errors.js";
import type { ResolvedRecipe } from "../../runs/recipe/resolve.js";
import { optim, type Tensor } from "../../torch/index.js";

/** Creates a custom optimizer. */
export type CustomOptimizer = (parameters: readonly Tensor[]) => optim.Optimizer;

/** @throws InputError for a recipe with a custom optimizer where none is given. */
export function createOptimizer(
  recipe: ResolvedRecipe,
  parameters: readonly Tensor[],
  custom?: CustomOptimizer,
): optim.Optimizer {
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
    case "custom":
      if (custom !== undefined) return custom(parameters);
      throw new InputError("this run's optimizer is custom; pass it as { optimizer }");
  }
}
