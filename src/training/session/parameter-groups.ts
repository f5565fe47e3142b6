// The parameters of a run in groups of their own learning rates and weight decay.
import { isUndecayed, layerDepths, type Network } from "../../models/index.js";
import type { ResolvedRecipe } from "../../runs/recipe/resolve.js";
import type { optim, Tensor } from "../../torch/index.js";

type Settings = Pick<ResolvedRecipe, "lr" | "headLr" | "layerDecay" | "decayOn">;

/**
 * The trained parameters as a plain list, or in groups where the recipe asks for them: the classifier at `headLr`, layer k of L
 * at lr layerDecay^(L - k) (the classifier being layer L), biases, norms and embeddings without decay.
 * @see Clark et al. 2020, arXiv 2003.10555, for the rates by layer
 */
export function parameterGroups(
  model: Network,
  { lr, headLr, layerDecay, decayOn }: Settings,
): readonly Tensor[] | readonly optim.ParameterGroup[] {
  const trained = [...model.namedParameters()].filter(([, { requiresGrad }]) => requiresGrad);
  if (headLr === undefined && layerDecay === undefined && decayOn !== "weights")
    return trained.map(([, value]) => value);
  const depths = layerDepths(model);
  const deepest = Math.max(...depths.values());
  const rateOf = (name: string) => {
    if (headLr !== undefined && name.startsWith(`${model.head}.`)) return headLr;
    return lr * (layerDecay ?? 1) ** (deepest - (depths.get(name) as number));
  };
  const groups = new Map<string, { lr: number; undecayed: boolean; parameters: Tensor[] }>();
  for (const [name, value] of trained) {
    const undecayed = decayOn === "weights" && isUndecayed(name, value.shape);
    const rate = rateOf(name);
    const key = `${rate} ${undecayed}`;
    const group = groups.get(key) ?? { lr: rate, undecayed, parameters: [] };
    group.parameters.push(value);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ lr: rate, undecayed, parameters }) => ({
    parameters,
    ...(rate !== lr && { lr: rate }),
    ...(undecayed && { weightDecay: 0 }),
  }));
}
