// Augmentation of the linear probe by SGD: another crop in every epoch, mirrored half of the time.
import { type BatchSource, holdsBytes, type Loader } from "../../data/index.js";
import type { ProbePart } from "./probe-data.js";

const isColor = ({ samples }: ProbePart) => samples.shape.length === 3 && samples.shape[0] === 3 && holdsBytes(samples);

/** The augmentation of `probeViews` in words; null unless the samples are images. */
export function viewsText(part: ProbePart): string | null {
  if (part.samples.shape.length !== 3) return null;
  return isColor(part) ? "random resized crops and mirror images" : "random crops and mirror images";
}

/** Random resized crops of color images, as the field evaluates; crops of padded images for others; null unless the samples are images. */
export function probeViews(part: ProbePart, loader: Loader, seed: number): BatchSource | null {
  if (viewsText(part) === null) return null;
  return loader.augmented({ augment: isColor(part) ? "resized-crop" : "crop-flip", seed });
}
