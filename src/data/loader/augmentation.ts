// How training images are augmented, and the checks of it.
import { InputError } from "../../errors.js";
import { option } from "../../options/names.js";
import { requireCount, requireFraction, requireNonNegative } from "../../options/ranges.js";
import type { Samples } from "../types.js";
import { drawsViews, type ViewRecipe, viewPresets, viewRecipeSchema } from "../views/recipe.js";

/** How training images are augmented; all draws are keyed by (seed, epoch, view, sample). */
export interface AugmentationOptions {
  /** `crop`, `crop-flip`, the views of a method such as `simclr`, a custom view recipe, or `none`. */
  readonly augment: string | ViewRecipe;
  /** Black padding in pixels before an image is cropped back to its size (default: an eighth of its smaller side). */
  readonly cropPadding?: number | undefined;
  /** The largest rotation in degrees, either way (default: 0). */
  readonly rotation?: number | undefined;
  /** RandAugment `OPERATIONS:MAGNITUDE` or `trivial`, before images are cropped (default: none). */
  readonly randAugment?: string | undefined;
  /** The probability that a rectangle of an image is erased (default: 0). */
  readonly randomErasing?: number | undefined;
  readonly seed: number;
  /** Views of each sample (default: 1). */
  readonly views?: 1 | 2 | undefined;
}

const crops = ["none", "crop", "crop-flip"];

/**
 * @throws InputError for an unknown augmentation, an invalid view recipe, or samples that it is not for; RangeError for numbers out of range.
 */
export function requireAugmentation(options: AugmentationOptions, { shape }: Samples): void {
  const { augment, cropPadding = 0, rotation = 0, randomErasing = 0, seed, views = 1 } = options;
  requireCount("seed", seed, 0);
  requireCount("views", views);
  requireCount("cropPadding", cropPadding, 0);
  requireNonNegative("rotation", rotation);
  requireFraction("randomErasing", randomErasing);
  if (typeof augment === "object") requireViewRecipe(augment);
  else if (!crops.includes(augment) && !drawsViews(augment)) {
    const expected = [...crops, ...viewPresets].join(", ");
    throw new InputError(`${option("augment")}: received "${augment}"; expected ${expected} or a view recipe`);
  }
  if (augment !== "none" && shape.length !== 3) {
    throw new InputError(
      `${option("augment")} is for images; these samples are arrays of ${shape.join(" x ")}: use none`,
    );
  }
}

function requireViewRecipe(recipe: ViewRecipe): void {
  const { error } = viewRecipeSchema.safeParse(recipe);
  if (error === undefined) return;
  const [issue] = error.issues;
  throw new InputError(`${option("augment")}: ${(issue?.path ?? []).join(".")}: ${issue?.message}`);
}
