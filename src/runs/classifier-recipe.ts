// The recipe of a run that predicts classes.
import { InputError } from "../errors.js";
import { methodNamed } from "../methods/index.js";
import { type RunRecipe, readRunRecipe } from "./run-folder.js";

/** The recipe that a run was made by. @throws InputError as `readRunRecipe` does, and for a run that was trained without labels. */
export function readClassifierRecipe(run: string): RunRecipe {
  const own = readRunRecipe(run);
  const { objective } = own.recipe;
  if (methodNamed(objective).family !== "self-supervised") return own;
  throw new InputError(
    `${run} was trained without labels, by ${objective}, and predicts no classes; expected a run of a method with labels, such as one that starts from it by train --init ${run}`,
  );
}
