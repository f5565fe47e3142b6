// Views of images that lie on the device: the one function by which the rest of the package asks for them.
import { InputError } from "../../errors.js";
import { type DType, keep, type Tensor, tensor } from "../../torch/index.js";
import { rawOperator } from "../../torch/unsafe.js";
import type { Located, Rows } from "../loader/rows.js";
import type { ChannelStatistics } from "../statistics.js";
import { columnCount, drawViews, type ViewDraws, type ViewKey } from "./draw.js";
import { blurRadius, type ViewRecipe, type ViewSteps } from "./recipe.js";
import { stockViews } from "./stock.js";

export interface ViewsOptions {
  /** Images, uint8 (n, 3, height, width), which stay the caller's until `release`: all of them, or where those asked for lie. */
  readonly images: Tensor | Rows["locate"];
  /** What is subtracted and divided by, channel by channel, pixels counted from 0 to 1. */
  readonly normalization: ChannelStatistics;
  readonly device: string;
  readonly dtype: DType;
  readonly recipe: ViewRecipe;
}

export interface Views {
  /** A view of each sample at `index`, normalized, (n, 3, size, size) in channels_last; belongs in a scope. */
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

function onDevice(images: Tensor, device: string): Pick<Rows, "locate" | "release"> {
  checkImages(images);
  const values = images.to(device);
  if (values !== images) keep(values);
  return { locate: (rows) => ({ values, rows }), release: () => values !== images && void values.release() };
}

/**
 * Draws views by a recipe: each sample cropped and resized, mirrored, its colours changed, blurred and solarised as drawn
 * for (seed, epoch, view, sample). On the CPU one operator does all of it image by image; elsewhere libtorch's own do it
 * for the batch, with the same result but for the last bits.
 * @throws InputError when the images are not uint8 with 3 channels.
 */
export function createViews({ images, normalization, device, dtype, recipe }: ViewsOptions): Views {
  const { locate, release } =
    typeof images === "function" ? { locate: images, release: () => {} } : onDevice(images, device);
  const perChannel = (values: readonly number[]) => keep(tensor([...values], { shape: [1, 3, 1, 1], device }));
  const [mean, std] = [perChannel(normalization.mean), perChannel(normalization.std)];
  const { size, views } = recipe;
  const radius = blurRadius(size);

  function fusedBatch({ values, rows }: Located, draws: ViewDraws): Tensor {
    const drawn = tensor(draws, { shape: [rows.length, columnCount] });
    return (fused(values, tensor(rows), drawn, size, radius, mean, std) as Tensor).to(dtype);
  }

  function stockBatch({ values, rows }: Located, draws: ViewDraws): Tensor {
    const chosen = values.indexSelect(0, tensor(rows).to(device));
    const normalized = stockViews(chosen, draws, size, radius).sub(mean).div_(std).to(dtype);
    return normalized.contiguous({ memoryFormat: "channels_last" });
  }

  return {
    batch(index, key) {
      const located = locate(index, key.view);
      const sides = located.values.shape.slice(2) as [number, number];
      const draws = located.draws ?? drawViews(views[key.view % views.length] as ViewSteps, key, index, sides);
      return device === "cpu" ? fusedBatch(located, draws) : stockBatch(located, draws);
    },
    release() {
      release();
      for (const held of [mean, std]) held.release();
    },
  };
}
