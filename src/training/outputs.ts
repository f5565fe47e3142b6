// What the networks of each method put out beside the classes' logits, and what a run's confidence is therefore read from.
import type { ScoreName } from "../metrics/index.js";
import { createModel, type ModelOptions, type Network, selectiveNetwork } from "../models/index.js";
import type { Method } from "./recipe.js";

/** The methods that train a confidence of their own; all others are as sure as their softmax says. */
const trained: Readonly<Partial<Record<Method, "abstention" | "selection">>> = {
  "sat-selective": "abstention",
  "deep-gamblers": "abstention",
  selectivenet: "selection",
};

/** The score by which a method's networks tell how sure they are. */
export function nativeScore(method: Method): ScoreName {
  return trained[method] ?? "softmax-response";
}

/**
 * The named network with the heads that a method needs: the classes' logits come first, then one column of abstention, or
 * SelectiveNet's selection and auxiliary answers.
 * @throws InputError as `createModel` does.
 */
export function createNetwork(method: Method, name: string, options: ModelOptions): Network {
  const extraOutputs = trained[method] === "abstention" ? 1 : 0;
  const network = createModel(name, { ...options, extraOutputs });
  return trained[method] === "selection" ? selectiveNetwork(network, options.classes) : network;
}
