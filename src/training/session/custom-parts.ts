// Custom parts of a run: an objective, a model, an optimizer.
import { InputError } from "../../errors.js";
import type { MethodContext } from "../../methods/index.js";
import { extended } from "../../objectives/extended.js";
import type { LossObjective, Objective, StepObjective } from "../../objectives/index.js";
import { option } from "../../options/index.js";
import { CUSTOM, type CustomModel, isFactory, requireFunctions } from "../../runs/model/custom-model.js";
import type { RecipeInput } from "../../runs/recipe/schema.js";
import type { CustomOptimizer } from "./optimizer.js";

type Named<Part> = Omit<Part, "name" | "state" | "load"> & Partial<Part>;

/** A custom objective: a `loss` or a `step`, with optional name and state. */
export type GivenObjective = Named<LossObjective> | Named<StepObjective>;

/** A custom objective, or a function that creates it from the run's data. */
export type CustomObjective = GivenObjective | ((context: MethodContext) => GivenObjective);

/** Custom parts that replace those of the recipe. */
export interface CustomParts {
  readonly objective?: CustomObjective | undefined;
  readonly model?: CustomModel | undefined;
  readonly optimizer?: CustomOptimizer | undefined;
}

/**
 * The recipe keys of the custom parts, with the value `custom`, so that a run records them.
 * @throws InputError if the recipe names a part that is also passed, or if averaged weights need a second model.
 */
export function customKeys(input: Partial<RecipeInput>, parts: CustomParts): Partial<RecipeInput> {
  const names = (["objective", "model", "optimizer"] as const).filter((name) => parts[name] !== undefined);
  const twice = names.find((name) => input[name] !== undefined && input[name] !== CUSTOM);
  if (twice !== undefined) {
    throw new InputError(`${option(twice)}: received ${input[twice]} and an object; expected one of them`);
  }
  if (input.emaDecay !== undefined && parts.model !== undefined && !isFactory(parts.model)) {
    throw new InputError(
      `${option("emaDecay")}: received ${input.emaDecay} with a model; averaged weights need a second one: pass a function that makes the model`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, CUSTOM]));
}

/** The objective with its name and an empty state where it has none. @throws InputError for what is no objective. */
export function completeObjective(given: CustomObjective, context: MethodContext): Objective {
  const objective = (typeof given === "function" ? given(context) : given) as Objective;
  requireFunctions("objective", objective, [["loss", "step"]]);
  const { name = CUSTOM, state = () => new Map(), load = () => {} } = objective as Partial<Objective>;
  return extended(objective, { name, state: state.bind(objective), load: load.bind(objective) });
}
