// Views of images for self-supervised training: drawn by recipe, made on the device.
export type { ViewKey } from "./draw.js";
export {
  defaultViews,
  drawsViews,
  type ViewPreset,
  type ViewRecipe,
  type ViewSteps,
  viewPresets,
  viewRecipe,
} from "./recipe.js";
