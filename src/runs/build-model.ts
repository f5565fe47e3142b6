// The network of a recipe, its weights drawn from the seed.
import type { HeadOptions } from "../models/index.js";
import { type DType, manualSeed } from "../torch/index.js";
import { createNetwork } from "./create-network.js";
import type { ResolvedRecipe } from "./recipe/resolve.js";

/** The network of a recipe, on the device, its weights drawn from the seed. */
export function buildModel(
  recipe: ResolvedRecipe,
  classes: number,
  shape: readonly number[],
  dtype: DType,
  device: string,
  heads: HeadOptions = {},
) {
  manualSeed(recipe.seed);
  const images = shape.length === 3;
  const size = images
    ? { channels: shape[0] as number, imageSize: shape[1] as number }
    : { features: featuresOf(shape) };
  const stem = recipe.stem === undefined ? {} : { stem: recipe.stem };
  const options = { classes, width: recipe.width, ...size, ...stem };
  const { dimension, headWidth: hidden, projectorNorm: normed } = recipe;
  const sizes = { ...(dimension && { dimension }), ...(hidden && { hidden }), ...(normed && { normed }), ...heads };
  const model = createNetwork(recipe.objective, recipe.model, options, sizes);
  if (images) model.to("channels_last");
  return model.to(dtype).to(device);
}

const featuresOf = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);
