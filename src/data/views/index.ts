// Views of images for self-supervised training: drawn by recipe, made on the device.
export type { ViewKey } from "./draw.js";
export {
  defaultViews,
  drawsViews,
  type ViewPreset,
  type ViewRecipe,
  type ViewSteps,
  viewRecipe,
} from "./recipe.js";
