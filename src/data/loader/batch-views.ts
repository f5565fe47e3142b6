// What a network is shown of a batch: the images as they are augmented in an epoch, one view of each or two.

import { type DType, ops, type Tensor } from "../../torch/index.js";
import type { ChannelStatistics } from "../statistics.js";
import { createViews, drawsViews, streamedViews, type ViewPreset, viewRecipe } from "../views/index.js";
import type { Loader } from "./loader.js";
import type { Rows } from "./rows.js";

/** Gives the samples at `index` as an epoch shows them, (views n, ...shape): all first views, then all second ones. */
export type BatchViews = (index: Int32Array, epoch: number) => Tensor;

/** What makes batches ready, and then shows them. */
export interface Shown extends Pick<Rows, "fetch" | "notes" | "release"> {
  readonly shown: BatchViews;
}

/** How training images are augmented. */
export interface AugmentationRecipe {
  readonly augment: string;
  readonly cropPadding?: number | undefined;
  readonly rotation: number;
  readonly seed: number;
}

export interface BatchViewsOptions {
  readonly recipe: AugmentationRecipe;
  readonly loader: Loader;
  readonly normalization: ChannelStatistics;
  readonly device: string;
  readonly dtype: DType;
  /** Views of each sample. */
  readonly views: 1 | 2;
}

/** The views of a recipe. Where an epoch's samples are fetched before, as `fetch` says, `shown` belongs in a scope. */
export function createBatchViews(options: BatchViewsOptions): Shown {
  const { one, ...rows } = drawsViews(options.recipe.augment) ? drawn(options) : cropped(options);
  if (options.views === 1) return { ...rows, shown: (index, epoch) => one(index, epoch, 0) };
  return { ...rows, shown: (index, epoch) => ops.cat([one(index, epoch, 0), one(index, epoch, 1)]) };
}

interface OneView extends Omit<Shown, "shown"> {
  one(index: Int32Array, epoch: number, view: number): Tensor;
}

function drawn({ recipe: { augment, seed }, loader, views: count, ...rest }: BatchViewsOptions): OneView {
  const { samples } = loader;
  const recipe = viewRecipe(augment as ViewPreset, samples.shape[2] as number);
  const streamed = samples.kind === "streamed";
  const rows = streamed ? streamedViews({ samples, device: rest.device, recipe, seed, views: count }) : loader;
  const views = createViews({ ...rest, images: rows.locate, recipe });
  return {
    one: (index, epoch, view) => views.batch(index, { seed, epoch, view }),
    fetch: rows.fetch,
    notes: rows.notes,
    release: () => [views, ...(streamed ? [rows] : [])].forEach((held) => void held.release()),
  };
}

/** The loader's own crops; a second view is drawn as of another seed. */
function cropped({ recipe, loader }: BatchViewsOptions): OneView {
  const { augment, cropPadding: padding, rotation, seed } = recipe;
  const augmented = (epoch: number, view: number) => ({
    seed: seed + view * 2 ** 30,
    epoch,
    flip: augment === "crop-flip",
    padding,
    rotation,
  });
  return {
    one: (index, epoch, view) => loader.batch(index, augment === "none" ? undefined : augmented(epoch, view)),
    fetch: loader.fetch,
    notes: loader.notes,
    release: () => {},
  };
}
