// Network input from images as they are stored: views drawn by a recipe.
import { type DType, keep, type Tensor, tensor } from "../../torch/index.js";
import { rawOperator } from "../../torch/unsafe.js";
import type { Located } from "../loader/store.js";
import type { ChannelStatistics } from "../statistics.js";
import { columnCount, drawViews, type ViewDraws, type ViewKey } from "./draw.js";
import { blurRadius, type ViewRecipe, type ViewSteps } from "./recipe.js";
import { stockViews } from "./stock.js";

export interface ViewInputOptions {
  /** Subtracted and divided by, channel by channel, pixels counted from 0 to 1. */
  readonly normalization: ChannelStatistics;
  readonly device: string;
  readonly dtype: DType;
  readonly recipe: ViewRecipe;
}

export interface ViewInput {
  /** A view of each image, normalized, (n, 3, size, size) in channels_last; belongs in a scope. */
  make(located: Located, index: Int32Array, key: ViewKey): Tensor;
  release(): void;
}

const fused = rawOperator("selfadapt::views", "");

/**
 * Draws views by a recipe: each sample cropped and resized, flipped, its colors changed, blurred and solarized as drawn for
 * (seed, epoch, view, sample). On the CPU one operator does all of it image by image; elsewhere libtorch's own do it for the
 * batch, with the same result but for the last bits.
 */
export function createViewInput({ normalization, device, dtype, recipe }: ViewInputOptions): ViewInput {
  const perChannel = (values: readonly number[]) => keep(tensor([...values], { shape: [1, 3, 1, 1], device }));
  const [mean, std] = [perChannel(normalization.mean), perChannel(normalization.std)];
  const { size, views } = recipe;
  const radius = blurRadius(size);

  function fusedViews({ values, rows }: Located, draws: ViewDraws): Tensor {
    const drawn = tensor(draws, { shape: [rows.length, columnCount] });
    return (fused(values, tensor(rows), drawn, size, radius, mean, std) as Tensor).to(dtype);
  }

  function stockBatch({ values, rows }: Located, draws: ViewDraws): Tensor {
    const chosen = values.indexSelect(0, tensor(rows).to(device));
    const normalized = stockViews(chosen, draws, size, radius).sub(mean).div_(std).to(dtype);
    return normalized.contiguous({ memoryFormat: "channels_last" });
  }

  return {
    make(located, index, key) {
      const sides = located.values.shape.slice(2) as [number, number];
      const draws = located.draws ?? drawViews(views[key.view % views.length] as ViewSteps, key, index, sides);
      return device === "cpu" ? fusedViews(located, draws) : stockBatch(located, draws);
    },
    release: () => [mean, std].forEach((held) => void held.release()),
  };
}
