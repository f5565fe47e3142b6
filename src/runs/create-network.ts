// What the networks of each method put out beside the classes' logits, and what a run's confidence is therefore read from.
import type { ScoreName } from "../metrics/index.js";
import {
  createModel,
  type HeadOptions,
  type ModelOptions,
  type Network,
  selectiveNetwork,
  selfSupervisedNetwork,
} from "../models/index.js";
import { learnsWithoutLabels, type Method, type SelfSupervisedMethod } from "./recipe/schema.js";

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

/** The heads of a method that learns without labels; those that tell samples apart predict nothing. */
function headsOf(method: SelfSupervisedMethod): HeadOptions {
  return { predictor: method !== "simclr" && method !== "moco" };
}

/**
 * The named network with the heads that a method needs: the classes' logits come first, then one column of abstention, or
 * SelectiveNet's selection and auxiliary answers; or, of a method that learns without labels, its representations.
 * @param heads what the recipe says of a projector and a predictor
 * @throws InputError as `createModel` does.
 */
export function createNetwork(method: Method, name: string, options: ModelOptions, heads: HeadOptions = {}): Network {
  const extraOutputs = trained[method] === "abstention" ? 1 : 0;
  const network = createModel(name, { ...options, extraOutputs });
  if (learnsWithoutLabels(method)) return selfSupervisedNetwork(network, { ...headsOf(method), ...heads });
  return trained[method] === "selection" ? selectiveNetwork(network, options.classes) : network;
}
