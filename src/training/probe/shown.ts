// What the linear probe by SGD is shown of images: another crop and perhaps its mirror image in every epoch.
import { type ChannelStatistics, createViews, type Loader, viewRecipe } from "../../data/index.js";
import type { Tensor } from "../../torch/index.js";
import type { RunModel } from "../run-model.js";
import type { ProbePart } from "./probe-data.js";

/** Images as an epoch shows them; `words` says how, `release` gives its memory back. */
export interface ProbeViews {
  readonly words: string;
  readonly show: (index: Int32Array, epoch: number) => Tensor;
  release(): void;
}

const isColour = ({ samples: { shape, values } }: ProbePart) =>
  shape.length === 3 && shape[0] === 3 && values instanceof Uint8Array;

/** By words only: what `probeViews` draws of these samples, null of those that are no images. */
export function viewWords(part: ProbePart): string | null {
  if (part.samples.shape.length !== 3) return null;
  return isColour(part) ? "random resized crops and mirror images" : "random crops and mirror images";
}

/** Random resized crops of colour images, as the field evaluates; crops of padded images of others; null of what is no image. */
export function probeViews(
  part: ProbePart,
  loader: Loader,
  { device, dtype }: Pick<RunModel, "device" | "dtype">,
  { normalisation, seed }: { readonly normalisation: ChannelStatistics; readonly seed: number },
): ProbeViews | null {
  const words = viewWords(part);
  if (words === null) return null;
  if (!isColour(part)) {
    return { words, show: (index, epoch) => loader.batch(index, { seed, epoch }), release: () => {} };
  }
  const recipe = viewRecipe("resized-crop", part.samples.shape[1] as number);
  const views = createViews({ images: loader.stored, normalisation, device, dtype, recipe });
  return {
    words,
    show: (index, epoch) => views.batch(index, { seed, epoch, view: 0 }),
    release: () => views.release(),
  };
}
