// The network of a method, with the outputs that the method declares, and its confidence score.
import type { ScoreName } from "../metrics/index.js";
import {
  createModel,
  type ModelOptions,
  type Network,
  selectiveNetwork,
  selfSupervisedNetwork,
} from "../models/index.js";
import type { Heads, Method } from "./method.js";
import { optionsOf } from "./method.js";
import { methodNamed } from "./registry.js";

/** The outputs of a recipe's network. */
export function headsOf(method: Method, recipe: object): Heads {
  return method.heads?.(optionsOf(method, recipe)) ?? { kind: "classes" };
}

const scores = {
  classes: "softmax-response",
  abstention: "abstention",
  selection: "selection",
  representations: "softmax-response",
} as const satisfies Record<Heads["kind"], ScoreName>;

/** The score by which a method's network says how confident it is. @throws InputError for an unknown method. */
export function nativeScore(method: string): ScoreName {
  return scores[headsOf(methodNamed(method), {}).kind];
}

/**
 * The named network with a method's outputs: the classes' logits first, then a column of abstention, or a selection and auxiliary
 * logits; or representations in their place.
 * @throws InputError as `createModel` does.
 */
export function createNetwork(heads: Heads, name: string, options: ModelOptions): Network {
  const network = createModel(name, { ...options, extraOutputs: heads.kind === "abstention" ? 1 : 0 });
  if (heads.kind === "representations") return selfSupervisedNetwork(network, heads);
  return heads.kind === "selection" ? selectiveNetwork(network, options.classes) : network;
}
