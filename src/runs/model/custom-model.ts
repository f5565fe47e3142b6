// A custom model in place of a named one.
import { InputError } from "../../errors.js";
import type { Network } from "../../models/index.js";
import { option } from "../../options/index.js";
import type { nn, Tensor } from "../../torch/index.js";

/** A module that maps samples (n, ...shape) to logits (n, classes), or a function that makes one. */
export type CustomModel = nn.Module | (() => nn.Module);

/** The name of custom models, objectives and optimizers in recipes. */
export const CUSTOM = "custom";

/**
 * The module as a network. Where it has no `embed`, its outputs serve as features.
 * @param outputs the number of outputs per sample
 * @throws InputError for what is no module
 */
export function asNetwork(model: nn.Module, outputs: number): Network {
  requireFunctions("model", model, [["forward"], ["parameters"]]);
  if ("embed" in model && "classify" in model) return model as Network;
  return Object.assign(model, {
    embed: (input: Tensor) => model.forward(input),
    classify: (features: Tensor) => features,
    embeddingSize: outputs,
    head: "",
  });
}

export const isFactory = (model: CustomModel): model is () => nn.Module => typeof model === "function";

/** @throws InputError unless a custom part has one method of each list. */
export function requireFunctions(part: string, value: unknown, methods: readonly (readonly string[])[]): void {
  const given = (typeof value === "object" && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  const missing = methods.find((names) => !names.some((name) => typeof given[name] === "function"));
  if (missing === undefined) return;
  throw new InputError(
    `${option(part)}: received ${typeof value}; expected an object with a method ${missing.join(" or ")}`,
  );
}
