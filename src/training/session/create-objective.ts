// The objective of a run: made by its method from the data.
import { type MethodContext, methodNamed, optionsOf } from "../../methods/index.js";
import type { Objective } from "../../objectives/index.js";
import type { Prepared } from "../../runs/prepare.js";
import { type CustomObjective, completeObjective } from "./custom-parts.js";

/** The epoch from which targets move; infinite until it is detected. */
export interface TargetStart {
  epoch: number;
}

export type TrainingParts = Pick<MethodContext, "device" | "dtype" | "targetNetwork">;

/**
 * The objective of a run, its state at the beginning.
 * @throws InputError where the method cannot work with the recipe.
 */
export async function createObjective(
  { recipe, train, classes, format, normalization }: Prepared,
  parts: TrainingParts,
  start: TargetStart,
  custom?: CustomObjective,
): Promise<Objective> {
  const method = methodNamed(recipe.objective);
  const { epochs } = recipe;
  const data = { labels: train.labels, classes, format, epochs, normalization };
  const context = { ...data, ...parts, startEpoch: () => start.epoch };
  return custom === undefined ? method.create(context, optionsOf(method, recipe)) : completeObjective(custom, context);
}
