// What the linear probe by SGD is shown of images: another crop and perhaps its mirror image in every epoch.
import { type ChannelStatistics, holdsBytes, type Loader } from "../../data/index.js";
import { createBatchViews, type Shown } from "../../data/loader/batch-views.js";
import type { RunModel } from "../../runs/open-model.js";
import type { ProbePart } from "./probe-data.js";

const isColor = ({ samples }: ProbePart) => samples.shape.length === 3 && samples.shape[0] === 3 && holdsBytes(samples);

/** In words, what `probeViews` draws of these samples; null of those that are no images. */
export function viewsText(part: ProbePart): string | null {
  if (part.samples.shape.length !== 3) return null;
  return isColor(part) ? "random resized crops and mirror images" : "random crops and mirror images";
}

/** Random resized crops of color images, as the field evaluates; crops of padded images of others; null of what is no image. */
export function probeViews(
  part: ProbePart,
  loader: Loader,
  { device, dtype }: Pick<RunModel, "device" | "dtype">,
  { normalization, seed }: { readonly normalization: ChannelStatistics; readonly seed: number },
): Shown | null {
  if (viewsText(part) === null) return null;
  const recipe = { augment: isColor(part) ? "resized-crop" : "crop-flip", rotation: 0, seed } as const;
  return createBatchViews({ recipe, loader, normalization, device, dtype, views: 1 });
}
