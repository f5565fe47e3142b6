// Options of a recipe that have no effect: they are allowed, and said.
import { option } from "../../options/index.js";
import type { ResolvedRecipe } from "./resolve.js";

/** A line for each option that names only epochs after the last, which `resume` may add, and for a reward of which nothing is lost. */
export function idleNotes(recipe: ResolvedRecipe, classes: number): string[] {
  return [...unreachedNotes(recipe), ...rewardNotes(recipe, classes)];
}

function unreachedNotes(recipe: ResolvedRecipe): string[] {
  const { epochs, milestones, warmupEpochs, freeze, keepFrom, keepEvery } = recipe;
  const { startEpoch, pretrainEpochs } = recipe as { startEpoch?: unknown; pretrainEpochs?: unknown };
  /** Each option, and the epoch in which it begins to matter; of the warmup, that in which the rate reaches `lr`. */
  const beginnings: [name: string, value: unknown, epoch: unknown][] = [
    ["startEpoch", startEpoch, startEpoch],
    ["pretrainEpochs", pretrainEpochs, pretrainEpochs],
    ["milestones", milestones.join(","), milestones.length === 0 ? undefined : Math.min(...milestones)],
    ["warmupEpochs", warmupEpochs, warmupEpochs],
    ["freeze", freeze, freeze],
    ["keepFrom", keepFrom, keepFrom],
    ["keepEvery", keepEvery, keepEvery === undefined ? undefined : keepEvery - 1],
  ];
  return beginnings
    .filter(([, , epoch]) => typeof epoch === "number" && epoch >= epochs)
    .map(([name, value]) => `${option(name, value)} is beyond the end of training, which has ${epochs} epochs`);
}

/** @see Liu et al. 2019, section 3 (arXiv 1907.00208) */
function rewardNotes(recipe: ResolvedRecipe, classes: number): string[] {
  const { reward } = recipe as { reward?: number };
  if (reward === undefined || reward < classes) return [];
  return [`${option("reward", reward)} is not below the ${classes} classes: the network gains nothing by abstaining`];
}
