// Views of images that lie on the device: the one function by which the rest of the package asks for them.
import { InputError } from "../../errors.js";
import { type DType, keep, type Tensor, tensor } from "../../torch/index.js";
import { rawOperator } from "../../torch/unsafe.js";
import type { ChannelStatistics } from "../statistics.js";
import { columnCount, drawViews, type ViewDraws, type ViewKey } from "./draw.js";
import { blurRadius, type ViewRecipe, type ViewSteps } from "./recipe.js";
import { stockViews } from "./stock.js";

export interface ViewsOptions {
  /** All images, uint8 (n, 3, height, width); they stay the caller's, who keeps them until `release`. */
  readonly images: Tensor;
  /** What is subtracted and divided by, channel by channel, pixels counted from 0 to 1. */
  readonly normalisation: ChannelStatistics;
  readonly device: string;
  readonly dtype: DType;
  readonly recipe: ViewRecipe;
}

export interface Views {
  /** A view of each sample at `index`, normalised, (n, 3, size, size) in channels_last; belongs in a scope. */
  batch(index: Int32Array, key: ViewKey): Tensor;
  release(): void;
}

const fused = rawOperator("selfadapt::views", "");

function checkImages(images: Tensor): void {
  if (images.dtype === "uint8" && images.shape.length === 4 && images.shape[1] === 3) return;
  throw new InputError(
    `views are drawn of colour images, received ${images.dtype} of the shape [${images.shape.join(", ")}]; ` +
      "expected uint8 of the shape [n, 3, height, width]",
  );
}

/**
 * Draws views by a recipe: each sample cropped and resized, mirrored, its colours changed, blurred and solarised as drawn
 * for (seed, epoch, view, sample). On the CPU one operator does all of it image by image; elsewhere libtorch's own do it
 * for the batch, with the same result but for the last bits.
 * @throws InputError when the images are not uint8 with 3 channels.
 */
export function createViews({ images, normalisation, device, dtype, recipe }: ViewsOptions): Views {
  checkImages(images);
  const stored = images.to(device);
  if (stored !== images) keep(stored);
  const perChannel = (values: readonly number[]) => keep(tensor([...values], { shape: [1, 3, 1, 1], device }));
  const [mean, std] = [perChannel(normalisation.mean), perChannel(normalisation.std)];
  const { size, views } = recipe;
  const radius = blurRadius(size);
  const sides = stored.shape.slice(2) as [number, number];

  function fusedBatch(index: Int32Array, draws: ViewDraws): Tensor {
    const rows = tensor(draws, { shape: [index.length, columnCount] });
    return (fused(stored, tensor(index), rows, size, radius, mean, std) as Tensor).to(dtype);
  }

  function stockBatch(index: Int32Array, draws: ViewDraws): Tensor {
    const chosen = stored.indexSelect(0, tensor(index).to(device));
    const normalised = stockViews(chosen, draws, size, radius).sub(mean).div_(std).to(dtype);
    return normalised.contiguous({ memoryFormat: "channels_last" });
  }

  return {
    batch(index, key) {
      const draws = drawViews(views[key.view % views.length] as ViewSteps, key, index, sides);
      return device === "cpu" ? fusedBatch(index, draws) : stockBatch(index, draws);
    },
    release: () => [mean, std, ...(stored === images ? [] : [stored])].forEach((held) => void held.release()),
  };
}
