// What a network is shown of a batch: the images as they are augmented in an epoch, one view of each or two.
import { type ChannelStatistics, createViews, type Loader, viewRecipe } from "../data/index.js";
import { type DType, ops, type Tensor } from "../torch/index.js";
import { drawsViews, type ResolvedRecipe } from "./resolve.js";

/** Gives the samples at `index` as an epoch shows them, (views n, ...shape): all first views, then all second ones. */
export type BatchViews = (index: Int32Array, epoch: number) => Tensor;

export interface BatchViewsOptions {
  readonly recipe: ResolvedRecipe;
  readonly loader: Loader;
  readonly normalisation: ChannelStatistics;
  readonly device: string;
  readonly dtype: DType;
  /** Views of each sample. */
  readonly views: 1 | 2;
}

/** The views of a recipe, and what gives their memory back. */
export function createBatchViews(options: BatchViewsOptions): { shown: BatchViews; release: () => void } {
  const { one, release } = drawsViews(options.recipe.augment) ? drawn(options) : cropped(options);
  if (options.views === 1) return { shown: (index, epoch) => one(index, epoch, 0), release };
  return { shown: (index, epoch) => ops.cat([one(index, epoch, 0), one(index, epoch, 1)]), release };
}

type OneView = (index: Int32Array, epoch: number, view: number) => Tensor;

function drawn({ recipe: { augment, seed }, loader, ...rest }: BatchViewsOptions) {
  const size = loader.stored.shape[2] as number;
  const recipe = viewRecipe(augment as Parameters<typeof viewRecipe>[0], size);
  const views = createViews({ ...rest, images: loader.stored, recipe });
  const one: OneView = (index, epoch, view) => views.batch(index, { seed, epoch, view });
  return { one, release: () => views.release() };
}

/** The loader's own crops; a second view is drawn as of another seed. */
function cropped({ recipe, loader }: BatchViewsOptions) {
  const { augment, cropPadding: padding, rotation, seed } = recipe;
  const one: OneView = (index, epoch, view) => {
    if (augment === "none") return loader.batch(index);
    return loader.batch(index, {
      seed: seed + view * 2 ** 30,
      epoch,
      flip: augment === "crop-flip",
      padding,
      rotation,
    });
  };
  return { one, release: () => {} };
}
