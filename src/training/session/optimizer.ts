// The optimizer that a recipe names.
import { InputError } from "../../errors.js";
import type { Network } from "../../models/index.js";
import { requireFunctions } from "../../runs/model/custom-model.js";
import type { ResolvedRecipe } from "../../runs/recipe/resolve.js";
import { type nn, optim, type Tensor } from "../../torch/index.js";
import { parameterGroups } from "./parameter-groups.js";

/** The optimized parameters: all but those that are frozen, and the unused classifier of a self-supervised network. */
export function trainedParameters(model: nn.Module): Tensor[] {
  return model.parameters().filter(({ requiresGrad }) => requiresGrad);
}

/** Creates a custom optimizer. */
export type CustomOptimizer = (parameters: readonly Tensor[]) => optim.Optimizer;

/**
 * The optimizer of a network's trained parameters; a custom one gets them as a plain list.
 * @throws InputError for a recipe with a custom optimizer where none is given.
 */
export function createOptimizer(recipe: ResolvedRecipe, model: Network, custom?: CustomOptimizer): optim.Optimizer {
  const { optimizer, lr, momentum, nesterov, weightDecay } = recipe;
  const parameters = parameterGroups(model, recipe);
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
      if (custom !== undefined) return customOptimizer(custom, model);
      throw new InputError("this run's optimizer is custom; pass it as { optimizer }");
  }
}

function customOptimizer(custom: CustomOptimizer, model: Network): optim.Optimizer {
  const made = custom(trainedParameters(model));
  requireFunctions("optimizer", made, [["step"], ["zeroGrad"], ["state"], ["load"], ["release"]]);
  return made;
}
