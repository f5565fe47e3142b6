// Views of images for learning without labels: drawn by recipe, made on the device.
export { createViews, type Views, type ViewsOptions } from "./create.js";
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
