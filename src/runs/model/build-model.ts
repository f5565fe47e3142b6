// The network of a recipe, its weights drawn from the seed.
import { InputError } from "../../errors.js";
import { createNetwork, headsOf, methodNamed } from "../../methods/index.js";
import { hasOption, type Network } from "../../models/index.js";
import { type DType, manualSeed } from "../../torch/index.js";
import { DEFAULT_WIDTH, type Recipe } from "../recipe/schema.js";
import { asNetwork, CUSTOM, type CustomModel, isFactory } from "./custom-model.js";

export interface ModelSize {
  readonly classes: number;
  /** Of one sample. */
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly device: string;
}

/**
 * The network of a recipe, on the device; without the predictor of a self-supervised method where `predictor` is false.
 * @param custom the model, for a recipe with a custom model
 * @throws InputError for such a recipe without one.
 */
export function buildModel(recipe: Recipe, size: ModelSize, custom?: CustomModel, predictor = true): Network {
  manualSeed(recipe.seed);
  const model = recipe.model === CUSTOM ? customNetwork(custom, size) : namedNetwork(recipe, size, predictor);
  if (size.shape.length === 3) model.to("channels_last");
  return model.to(size.dtype).to(size.device);
}

function customNetwork(custom: CustomModel | undefined, { classes }: ModelSize): Network {
  if (custom !== undefined) return asNetwork(isFactory(custom) ? custom() : custom, classes);
  throw new InputError(
    "this run's model is custom: training, evaluation and inspection take it as { model }, with the same layers; to predict with it or export it, use the model itself, as toOnnx does",
  );
}

function namedNetwork(recipe: Recipe, { classes, shape }: ModelSize, predictor: boolean): Network {
  const features = shape.reduce((product, length) => product * length, 1);
  const size =
    shape.length === 3 ? { channels: shape[0] as number, imageSize: shape[1] as number, features } : { features };
  const name = recipe.model ?? "";
  // The recipe has a width for every network; one that has none refuses any but the default.
  const width = hasOption(name, "width") || recipe.width !== DEFAULT_WIDTH ? { width: recipe.width } : {};
  const { stem, dropPath } = recipe;
  const declared = headsOf(methodNamed(recipe.objective), recipe);
  const heads = declared.kind === "representations" && !predictor ? { ...declared, predictor } : declared;
  return createNetwork(heads, name, { classes, ...size, ...width, stem, dropPath });
}
