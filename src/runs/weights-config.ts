// A recipe with what pretrained networks say of their images: network, image size, mean and deviation.
import type { Samples } from "../data/index.js";
import { isOnnxName, onnxPreparation, readTimmConfig, type TimmConfig } from "../models/index.js";
import type { Recipe } from "./recipe/schema.js";

/** What timm's config.json beside the weights says, or an encoder's ONNX file; null for other networks. */
export async function imagePreparation({ model, weights }: Recipe): Promise<TimmConfig | null> {
  if (model !== undefined && isOnnxName(model)) return onnxPreparation(model);
  return weights === undefined ? null : await readTimmConfig(weights);
}

/** The network, and the size that images of a folder are resized to, where the recipe leaves them open. */
export function withConfiguredNetwork(recipe: Recipe, config: TimmConfig | null): Recipe {
  const model = recipe.model ?? config?.model ?? undefined;
  const imageSize = recipe.imageSize ?? config?.imageSize ?? undefined;
  return { ...recipe, model, imageSize };
}

/** Mean and deviation, for images of as many channels, where the recipe leaves both open. */
export function withConfiguredPixels(recipe: Recipe, config: TimmConfig | null, { shape }: Samples): Recipe {
  const open = recipe.mean === undefined && recipe.std === undefined;
  if (config === null || !open || shape.length !== 3 || shape[0] !== config.mean.length) return recipe;
  return { ...recipe, mean: [...config.mean], std: [...config.std] };
}

/** One line on what the configuration set; none where it set nothing. */
export function configurationNotes(
  given: Recipe,
  configured: Recipe,
  config: TimmConfig | null,
  { shape }: Samples,
): string[] {
  const { model, imageSize, mean, std } = configured;
  const resized = imageSize !== given.imageSize && shape.length === 3 && shape[1] === imageSize;
  const set = [
    ...(model === given.model ? [] : [`model ${model}`]),
    ...(resized ? [`images of ${imageSize} pixels`] : []),
    ...(mean === given.mean ? [] : [`mean ${mean?.join(", ")}`, `deviation ${std?.join(", ")}`]),
  ];
  return config === null || set.length === 0 ? [] : [`${config.file} sets ${set.join("; ")}`];
}
