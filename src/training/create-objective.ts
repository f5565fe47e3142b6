// The objective of a run: made by its method from the data.
import { type MethodContext, methodNamed, optionsOf } from "../methods/index.js";
import type { Objective } from "../objectives/index.js";
import type { Prepared } from "../runs/prepare.js";

/** When targets start to move; infinitely late while that is being detected. */
export interface Start {
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
  start: Start,
): Promise<Objective> {
  const method = methodNamed(recipe.objective);
  const { epochs } = recipe;
  const data = { labels: train.labels, classes, format, epochs, normalization };
  return method.create({ ...data, ...parts, startEpoch: () => start.epoch }, optionsOf(method, recipe));
}
