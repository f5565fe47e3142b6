// The network of a recipe, its weights drawn from the seed.
import { createNetwork, headsOf, methodNamed } from "../methods/index.js";
import type { Network } from "../models/index.js";
import { type DType, manualSeed } from "../torch/index.js";
import type { Recipe } from "./recipe/schema.js";

export interface ModelSize {
  readonly classes: number;
  /** Of one sample. */
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly device: string;
}

/** The network of a recipe, on the device; without the predictor of a self-supervised method where `predictor` is false. */
export function buildModel(recipe: Recipe, { classes, shape, dtype, device }: ModelSize, predictor = true): Network {
  manualSeed(recipe.seed);
  const images = shape.length === 3;
  const size = images
    ? { channels: shape[0] as number, imageSize: shape[1] as number }
    : { features: shape.reduce((product, length) => product * length, 1) };
  const stem = recipe.stem === undefined ? {} : { stem: recipe.stem };
  const declared = headsOf(methodNamed(recipe.objective), recipe);
  const heads = declared.kind === "representations" && !predictor ? { ...declared, predictor } : declared;
  const model = createNetwork(heads, recipe.model ?? "", { classes, width: recipe.width, ...size, ...stem });
  if (images) model.to("channels_last");
  return model.to(dtype).to(device);
}
