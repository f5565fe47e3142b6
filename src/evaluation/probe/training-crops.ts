// What the linear probe by SGD is shown of images: another crop and perhaps its mirror image in every epoch.
import { type BatchSource, holdsBytes, type Loader } from "../../data/index.js";
import type { ProbePart } from "./probe-data.js";

const isColor = ({ samples }: ProbePart) => samples.shape.length === 3 && samples.shape[0] === 3 && holdsBytes(samples);

/** In words, what `probeViews` draws of these samples; null of those that are no images. */
export function viewsText(part: ProbePart): string | null {
  if (part.samples.shape.length !== 3) return null;
  return isColor(part) ? "random resized crops and mirror images" : "random crops and mirror images";
}

/** Random resized crops of color images, as the field evaluates; crops of padded images of others; null of what is no image. */
export function probeViews(part: ProbePart, loader: Loader, seed: number): BatchSource | null {
  if (viewsText(part) === null) return null;
  return loader.augmented({ augment: isColor(part) ? "resized-crop" : "crop-flip", seed });
}
