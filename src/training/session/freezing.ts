// How a run's network is frozen: when, and whether its features are computed once.
import type { Network } from "../../models/index.js";
import type { Objective } from "../../objectives/index.js";
import type { ResolvedRecipe } from "../../runs/recipe/resolve.js";
import { FreezableNetwork, isFrozen } from "./frozen-backbone.js";

export interface Freezing {
  /** Whether training is on features that are computed once. */
  readonly caches: boolean;
  /** The network as it is trained. */
  wrap(network: Network): Network;
  startEpoch(epoch: number): void;
  readonly notes: readonly string[];
}

export function freezingOf(recipe: ResolvedRecipe, objective: Objective): Freezing {
  const { freeze } = recipe;
  if (freeze === "none") return { caches: false, wrap: (network) => network, startEpoch: () => {}, notes: [] };
  let current = 0;
  const hindrance = freeze === "backbone" ? cacheHindrance(recipe, objective) : null;
  const caches = freeze === "backbone" && hindrance === null;
  return {
    caches,
    wrap: (network) => new FreezableNetwork(network, () => isFrozen(freeze, current), caches),
    startEpoch(epoch) {
      current = epoch;
    },
    notes: [
      freeze === "backbone"
        ? `frozen backbone: ${hindrance === null ? "features are computed once" : `features are computed in every epoch, because of ${hindrance}`}`
        : `frozen backbone in the first ${freeze} epochs`,
    ],
  };
}

/** What makes features differ from epoch to epoch, or needs the network itself; null for nothing. */
function cacheHindrance(
  { augment, randAugment, randomErasing, mcPasses, objective: name }: ResolvedRecipe,
  objective: Objective,
): string | null {
  if (augment !== "none") return `augment ${augment}`;
  if (randAugment !== undefined) return `randAugment ${randAugment}`;
  if (randomErasing > 0) return `randomErasing ${randomErasing}`;
  if (mcPasses > 0) return "MC dropout";
  return "step" in objective ? `${name}, which changes the images` : null;
}
