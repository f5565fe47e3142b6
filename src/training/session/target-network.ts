// The target network of a method: an EMA of the trained network, or a frozen network.
import { type Method, methodNamed, optionsOf } from "../../methods/index.js";
import { loadWeights, type Network } from "../../models/index.js";
import { emaTargetNetwork, frozenTargetNetwork, type TargetNetwork } from "../../objectives/index.js";
import type { Compute } from "../../runs/model/compute.js";
import type { ResolvedRecipe } from "../../runs/recipe/resolve.js";

export interface TargetNetworkOptions {
  readonly recipe: ResolvedRecipe;
  /** The network in training. */
  readonly model: Network;
  /** Builds a network of the same architecture without the predictor, with weights drawn from a seed. */
  readonly build: (seed: number) => Network;
  readonly compute: Compute["compute"];
  /** Whether the run is new, so that the weights of a frozen network have to be loaded. */
  readonly fresh: boolean;
}

/** A frozen network has another seed than the trained one, far from those in use. */
const frozenSeed = (seed: number) => seed + 2 ** 30;

/**
 * The target network of the recipe's method; null for a method without one.
 * @throws InputError when the weights of a frozen network cannot be read or do not fit.
 */
export async function createTargetNetwork(options: TargetNetworkOptions): Promise<TargetNetwork | null> {
  const { recipe, model, build, compute } = options;
  const method = methodNamed(recipe.objective);
  if (method.targetNetwork === undefined) return null;
  const network =
    method.targetNetwork === "ema" ? emaTargetNetwork(model, build(recipe.seed)) : await frozenNetwork(method, options);
  return {
    ...network,
    outputs: (images) => compute(() => network.outputs(images)),
    targets: (images) => compute(() => network.targets(images)),
  };
}

async function frozenNetwork(method: Method, { recipe, build, fresh }: TargetNetworkOptions): Promise<TargetNetwork> {
  const frozen = build(frozenSeed(recipe.seed));
  const weights = method.targetWeights?.(optionsOf(method, recipe));
  if (fresh && weights !== undefined) await loadWeights(frozen, weights);
  return frozenTargetNetwork(frozen);
}
