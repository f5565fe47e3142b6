// What may happen to an image on its way into a view, and the usual settings of it.
import { z } from "zod";

const share = () => z.number().min(0).max(1);
const strength = () => z.number().min(0).max(1);
const range = (value: z.ZodType<number>) =>
  z
    .tuple([value, value])
    .refine(([least, most]) => least <= most, { error: "expected the least first" })
    .readonly();

/** How one view is drawn, step after step in this order; probabilities are shares of the samples. */
const viewSchema = z.strictObject({
  crop: z
    .strictObject({
      scale: range(z.number().gt(0).max(1)).describe("share of the image's area that a crop covers"),
      ratio: range(z.number().positive()).describe("a crop's width over its height"),
    })
    .describe("a crop resized to the view's size"),
  flip: share().describe("probability of a mirror image"),
  jitter: z
    .strictObject({
      probability: share(),
      brightness: strength().describe("a factor of 1 minus to 1 plus this"),
      contrast: strength().describe("as brightness, about the image's mean grey"),
      saturation: strength().describe("as brightness, about each pixel's grey"),
      hue: z.number().min(0).max(0.5).describe("turns of at most this share of the whole circle"),
    })
    .describe("changes of colour, in a random order"),
  grayscale: share().describe("probability of a grey image"),
  blur: z
    .strictObject({ probability: share(), sigma: range(z.number().positive()).describe("deviation in pixels") })
    .describe("Gaussian blur over a tenth of the view"),
  solarise: share().describe("probability that pixels of 0.5 and more are inverted"),
});

/** The options of a recipe for views: view v of a sample is drawn by `views[v % views.length]`. */
export const viewRecipeSchema = z.strictObject({
  size: z.int().min(1).describe("side of a view in pixels"),
  views: z.array(viewSchema).min(1).readonly(),
});

/** How views are drawn: `size` pixels a side, and what is done for each view. */
export type ViewRecipe = Readonly<z.infer<typeof viewRecipeSchema>>;
export type ViewSteps = Readonly<z.infer<typeof viewSchema>>;

export const viewPresets = ["resized-crop", "simclr", "byol", "moco"] as const;
/** The views of self-supervised methods that name none. */
export const defaultViews: ViewPreset = "simclr";
export type ViewPreset = (typeof viewPresets)[number];

/** Below this size there is nothing that a blur could usefully remove: the field leaves it out at 32 x 32. */
const leastBlurred = 48;

const usual: ViewSteps = {
  crop: { scale: [0.08, 1], ratio: [3 / 4, 4 / 3] },
  flip: 0.5,
  jitter: { probability: 0.8, brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 },
  grayscale: 0.2,
  blur: { probability: 0.5, sigma: [0.1, 2] },
  solarise: 0,
};

/** Nothing but a crop and perhaps a mirror image of it. */
const cropped: ViewSteps = {
  ...usual,
  jitter: { ...usual.jitter, probability: 0 },
  grayscale: 0,
  blur: { ...usual.blur, probability: 0 },
};

/**
 * The recipe of a method: `simclr` draws all views alike; `moco` does so of crops of a fifth of the image at least; `byol`
 * blurs the first always and the second rarely, and solarises one in five of the second; `resized-crop` only crops and
 * mirrors, as classifiers are trained. Views of less than 48 pixels a side are not blurred.
 * @see Chen et al. 2020, appendix A (arXiv 2002.05709, colour strength 0.5); Grill et al. 2020, table 6 (2006.07733);
 * Chen et al. 2020, MoCo v2 (2003.04297)
 */
export function viewRecipe(preset: ViewPreset, size: number): ViewRecipe {
  const blurred = (probability: number): ViewSteps["blur"] => ({
    ...usual.blur,
    probability: size < leastBlurred ? 0 : probability,
  });
  if (preset === "resized-crop") return { size, views: [cropped] };
  if (preset === "simclr") return { size, views: [{ ...usual, blur: blurred(0.5) }] };
  if (preset === "moco")
    return { size, views: [{ ...usual, crop: { ...usual.crop, scale: [0.2, 1] }, blur: blurred(0.5) }] };
  const jitter = { ...usual.jitter, saturation: 0.2 };
  return {
    size,
    views: [
      { ...usual, jitter, blur: blurred(1) },
      { ...usual, jitter, blur: blurred(0.1), solarise: 0.2 },
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
