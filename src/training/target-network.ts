// The second network of a method that learns without labels: what its targets come from.
import { loadWeights, type Network } from "../models/index.js";
import { fixedNetwork, type SlowNetwork, slowNetwork } from "../objectives/index.js";
import type { Machine } from "../runs/compute.js";
import type { UnlabelledRecipe } from "../runs/recipe/resolve.js";

export interface SlowOptions {
  readonly recipe: UnlabelledRecipe;
  /** The network that learns. */
  readonly model: Network;
  /** Builds another one like it, without a predictor, its weights drawn from a seed. */
  readonly build: (seed: number) => Network;
  readonly compute: Machine["compute"];
  /** Whether the run begins, and a teacher's weights are therefore to be read. */
  readonly fresh: boolean;
}

/** A fixed network is drawn apart from the one that learns: far from the seeds that people give. */
const teacherSeed = (seed: number) => seed + 2 ** 30;

/**
 * A copy of the network that follows it, or a fixed one, random or with a teacher's weights; null for a method without.
 * @throws InputError when the teacher's weights cannot be read or do not fit.
 */
export async function createSlow({ recipe, model, build, compute, fresh }: SlowOptions): Promise<SlowNetwork | null> {
  const { objective, seed, teacher } = recipe;
  if (objective === "simsiam" || objective === "simclr") return null;
  if (objective !== "fixed-random") return computedBy(compute, slowNetwork(model, build(seed)));
  const fixed = build(teacherSeed(seed));
  if (fresh && teacher !== undefined) await loadWeights(fixed, teacher);
  return computedBy(compute, fixedNetwork(fixed));
}

/** Runs the network in the precision and by the kernels of the run. */
function computedBy(compute: Machine["compute"], slow: SlowNetwork): SlowNetwork {
  return { ...slow, targets: (images) => compute(() => slow.targets(images)) };
}
