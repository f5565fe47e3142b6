// A custom model in place of a named one.
import type { Network } from "../../models/index.js";
import type { nn, Tensor } from "../../torch/index.js";

/** A module that maps samples (n, ...shape) to logits (n, classes), or a function that makes one. */
export type CustomModel = nn.Module | (() => nn.Module);

/** The name of custom models, objectives and optimizers in recipes. */
export const CUSTOM = "custom";

/**
 * The module as a network. Where it has no `embed`, its outputs serve as features.
 * @param outputs the number of outputs per sample
 */
export function asNetwork(model: nn.Module, outputs: number): Network {
  if ("embed" in model && "classify" in model) return model as Network;
  return Object.assign(model, {
    embed: (input: Tensor) => model.forward(input),
    classify: (features: Tensor) => features,
    embeddingSize: outputs,
    head: "",
  });
}

export const isFactory = (model: CustomModel): model is () => nn.Module => typeof model === "function";
