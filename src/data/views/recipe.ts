// The steps of a view, and the presets of the methods.
import { z } from "zod";

const probability = () => z.number().min(0).max(1);
const strength = () => z.number().min(0).max(1);
const range = (value: z.ZodType<number>) =>
  z
    .tuple([value, value])
    .refine(([least, most]) => least <= most, { error: "expected the least first" })
    .readonly();

/** How one view is drawn, step after step in this order. */
const viewSchema = z.strictObject({
  crop: z
    .strictObject({
      scale: range(z.number().gt(0).max(1)).describe("fraction of the image's area that a crop covers"),
      ratio: range(z.number().positive()).describe("a crop's width over its height"),
    })
    .describe("a crop resized to the view's size"),
  flip: probability().describe("probability of a horizontal flip"),
  jitter: z
    .strictObject({
      probability: probability(),
      brightness: strength().describe("a factor of 1 minus to 1 plus this"),
      contrast: strength().describe("as brightness, blended with the image's mean gray"),
      saturation: strength().describe("as brightness, blended with each pixel's gray"),
      hue: z.number().min(0).max(0.5).describe("shifts of at most this fraction of the circle"),
    })
    .describe("color jitter, in a random order"),
  grayscale: probability().describe("probability of a gray image"),
  blur: z
    .strictObject({ probability: probability(), sigma: range(z.number().positive()).describe("deviation in pixels") })
    .describe("Gaussian blur over a tenth of the view"),
  solarize: probability().describe("probability that pixels of 0.5 and more are inverted"),
});

/** The schema of a view recipe: view v of a sample is drawn by `views[v % views.length]`. */
export const viewRecipeSchema = z.strictObject({
  size: z.int().min(1).describe("side of a view in pixels"),
  views: z.array(viewSchema).min(1).readonly(),
});

/** How views are drawn: `size` pixels a side, and the steps of each view. */
export type ViewRecipe = Readonly<z.infer<typeof viewRecipeSchema>>;
export type ViewSteps = Readonly<z.infer<typeof viewSchema>>;

export const viewPresets = ["resized-crop", "simclr", "byol", "moco"] as const;
/** The views of self-supervised methods that name none. */
export const defaultViews: ViewPreset = "simclr";
export type ViewPreset = (typeof viewPresets)[number];

/** Smaller views are not blurred, as in the literature at 32 x 32. */
const minBlurred = 48;

const standard: ViewSteps = {
  crop: { scale: [0.08, 1], ratio: [3 / 4, 4 / 3] },
  flip: 0.5,
  jitter: { probability: 0.8, brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 },
  grayscale: 0.2,
  blur: { probability: 0.5, sigma: [0.1, 2] },
  solarize: 0,
};

/** Random resized crops and flips alone. */
const cropsOnly: ViewSteps = {
  ...standard,
  jitter: { ...standard.jitter, probability: 0 },
  grayscale: 0,
  blur: { ...standard.blur, probability: 0 },
};

/**
 * The recipe of a method: `simclr` draws all views alike; `moco` as well, from crops of at least a fifth of the image; `byol`
 * always blurs the first and rarely the second, and solarizes one in five of the second; `resized-crop` only crops and flips,
 * as classifiers are trained. Views of less than 48 pixels a side are not blurred.
 * @see Chen et al. 2020, appendix A (arXiv 2002.05709, color strength 0.5); Grill et al. 2020, table 6 (2006.07733);
 * Chen et al. 2020, MoCo v2 (2003.04297)
 */
export function viewRecipe(preset: ViewPreset, size: number): ViewRecipe {
  const blurred = (probability: number): ViewSteps["blur"] => ({
    ...standard.blur,
    probability: size < minBlurred ? 0 : probability,
  });
  if (preset === "resized-crop") return { size, views: [cropsOnly] };
  if (preset === "simclr") return { size, views: [{ ...standard, blur: blurred(0.5) }] };
  if (preset === "moco")
    return { size, views: [{ ...standard, crop: { ...standard.crop, scale: [0.2, 1] }, blur: blurred(0.5) }] };
  const jitter = { ...standard.jitter, saturation: 0.2 };
  return {
    size,
    views: [
      { ...standard, jitter, blur: blurred(1) },
      { ...standard, jitter, blur: blurred(0.1), solarize: 0.2 },
    ],
  };
}

/**
 * How many pixels a blur reaches to either side, a tenth of the view in all: 11 for 224, 4 for 96.
 * @see Chen et al. 2020, appendix A
 */
export function blurRadius(size: number): number {
  return Math.min(size - 1, Math.max(1, Math.floor(Math.floor(size / 10) / 2)));
}

/** Whether an augmentation draws views of its own, of color images only. */
export function drawsViews(augment: string): augment is ViewPreset {
  return (viewPresets as readonly string[]).includes(augment);
}
