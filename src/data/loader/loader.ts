// Batches of samples on the device or in files, plain or augmented.
import { InputError } from "../../errors.js";
import type { DType } from "../../torch/index.js";
import { decodePixels } from "../formats/images/decode-image.js";
import type { ChannelStatistics } from "../statistics.js";
import { holdsBytes, type Samples, type StreamedSamples } from "../types.js";
import { drawsViews, type ViewPreset, type ViewRecipe, viewRecipe } from "../views/recipe.js";
import { streamedViews } from "../views/stream.js";
import { createViewInput } from "../views/view-input.js";
import { type AugmentationOptions, requireAugmentation } from "./augmentation.js";
import { autoAugmented, erased } from "./auto-augment/augmented-batch.js";
import { parseAutoAugment } from "./auto-augment/auto-augment.js";
import { type BatchSource, releasing, sourceOf } from "./batch-source.js";
import { createInput, cropDraws } from "./input.js";
import { heldStore, type SampleStore } from "./store.js";
import { imageShapeOf, sidesOf } from "./streamed.js";
import { streamedStore } from "./streamed-store.js";

export interface LoaderOptions {
  readonly samples: Samples;
  /** Mean and deviation of each channel, pixels counting from 0 to 1 (default: no normalization). */
  readonly normalization?: ChannelStatistics;
  /** (default: "cpu") */
  readonly device?: string;
  /** (default: "float32") */
  readonly dtype?: DType;
  /** Samples in memory that were never read, skipped like images that cannot be decoded (default: none). */
  readonly unreadable?: Int32Array;
}

export interface Loader extends BatchSource {
  /** The same samples augmented; released with this loader. @throws InputError or RangeError for options that are wrong. */
  augmented(options: AugmentationOptions): BatchSource;
}

/**
 * Batches of samples, which are held on the device or streamed there.
 *
 * ```ts
 * const training = createLoader({ samples }).augmented({ augment: "crop-flip", seed: 0 });
 * for await (const { images, labels, index } of training.batches({ batchSize: 128, epoch, shuffleSeed: 0 })) { ... }
 * ```
 */
export function createLoader(options: LoaderOptions): Loader {
  const { samples, device = "cpu", dtype = "float32" } = options;
  const normalization = options.normalization ?? identity(samples);
  const store = storeOf(samples, device, options.unreadable);
  const { input, release } = createInput({ samples, normalization, device, dtype });
  const derived: BatchSource[] = [];
  const plain = sourceOf(samples, store, 1, (loaded, index) => input(loaded.locate(index, 0), index, null));

  function cropped(augmentation: AugmentationOptions): BatchSource {
    const { augment, cropPadding: padding, rotation, seed, views = 1, randomErasing = 0 } = augmentation;
    const auto = augmentation.randAugment === undefined ? null : parseAutoAugment(augmentation.randAugment);
    // The second view has a seed of its own.
    const drawsOf = [0, 1].map((view) =>
      cropDraws(samples, { seed: seed + view * 2 ** 30, flip: augment === "crop-flip", padding, rotation }),
    );
    const draws = (epoch: number, view: number) => (augment === "none" ? null : (drawsOf[view]?.(epoch) ?? null));
    return sourceOf(samples, { ...store, release: () => {} }, views, (loaded, index, epoch, view) => {
      const [located, key] = [loaded.locate(index, 0), { seed, epoch, view }];
      const images = auto === null ? located : autoAugmented(located, index, key, auto);
      const made = input(images, index, draws(epoch, view));
      return randomErasing === 0 ? made : erased(made, index, key, randomErasing);
    });
  }

  function drawn(recipe: ViewRecipe, { seed, views = 1 }: AugmentationOptions): BatchSource {
    requireColor(samples);
    const streams = samples.kind === "streamed";
    const source = streams ? streamedViews({ samples, device, recipe, seed, views }) : store;
    const viewInput = createViewInput({ normalization, device, dtype, recipe });
    const release = () => [viewInput, ...(streams ? [source] : [])].forEach((part) => void part.release());
    return sourceOf(samples, { ...source, release }, views, (loaded, index, epoch, view) =>
      viewInput.make(loaded.locate(index, view), index, { seed, epoch, view }),
    );
  }

  return {
    ...plain,
    augmented(augmentation) {
      requireAugmentation(augmentation, samples);
      const { augment } = augmentation;
      const recipe = typeof augment === "object" || drawsViews(augment) ? recipeOf(augment, samples) : null;
      const source = recipe === null ? cropped(augmentation) : drawn(recipe, augmentation);
      derived.push(source);
      return source;
    },
    notes: () => [...new Set([plain, ...derived].flatMap((source) => source.notes()))],
    ...releasing(() => [...derived.splice(0), plain, { release }].forEach((part) => void part.release())),
  };
}

const recipeOf = (augment: ViewPreset | ViewRecipe, { shape }: Samples) =>
  typeof augment === "object" ? augment : viewRecipe(augment, shape[2] as number);

function requireColor(samples: Samples): void {
  const { shape } = samples;
  if (holdsBytes(samples) && shape.length === 3 && shape[0] === 3) return;
  throw new InputError(`views are drawn of color images; received samples of ${shape.join(" x ")}; expected 8-bit RGB`);
}

/** No normalization: pixels are from 0 to 1, other values unchanged. */
function identity({ shape }: Samples): ChannelStatistics {
  const channels = shape.length === 3 ? (shape[0] as number) : shape.reduce((size, side) => size * side, 1);
  return { mean: new Array<number>(channels).fill(0), std: new Array<number>(channels).fill(1) };
}

/** Samples on the device, or streamed there as full images. */
export function storeOf(samples: Samples, device: string, unreadable?: Int32Array): SampleStore {
  return samples.kind === "streamed" ? fullImages(samples, device) : heldStore(samples, device, unreadable);
}

/** Streamed images as they would be in memory: the short side resized, the center cropped. */
function fullImages(samples: StreamedSamples, device: string): SampleStore {
  const shape = imageShapeOf(samples);
  const decode = async (path: string) => ({ pixels: await decodePixels(path, shape) });
  return streamedStore({ samples, device, ...sidesOf(samples), views: 1, decode });
}
