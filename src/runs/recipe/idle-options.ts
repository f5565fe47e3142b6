// Options of a recipe that have no effect: they are allowed, and said.
import { option } from "../../options/index.js";
import type { ResolvedRecipe } from "./resolve.js";
import { parseRecipe } from "./schema.js";

/** A line for each option that nothing reads, for one that names only epochs after the last, which `resume` may add, and for a reward that gains nothing. */
export function idleNotes(recipe: ResolvedRecipe, classes: number): string[] {
  return [...unreadNotes(recipe), ...unreachedNotes(recipe), ...rewardNotes(recipe, classes)];
}

/** Options of certain optimizers and schedules, given with others. A given value equal to the default is not told from the default. */
function unreadNotes({ optimizer, schedule, momentum, stepFactor }: ResolvedRecipe): string[] {
  const { momentum: usual, stepFactor: usualFactor } = parseRecipe({ data: "shapes" });
  const notes: string[] = [];
  if (momentum !== usual && (optimizer === "adam" || optimizer === "adamw")) {
    notes.push(
      `${option("momentum", momentum)} has no effect: it is of sgd and lars, and this is ${option("optimizer", optimizer)}`,
    );
  }
  if (stepFactor !== usualFactor && schedule !== "step") {
    notes.push(
      `${option("stepFactor", stepFactor)} has no effect: it is of the step schedule, and this is ${option("schedule", schedule)}`,
    );
  }
  return notes;
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
