// Views cropped while image files are decoded, so that a small crop has the full resolution of the file.
import { openAsBytes } from "../formats/images/deep-pixels.js";
import { openImage } from "../formats/images/open-image.js";
import type { SampleStore } from "../loader/store.js";
import { type Decoded, streamedStore } from "../loader/streamed-store.js";
import { randomFrom } from "../random.js";
import type { StreamedSamples } from "../types.js";
import { columnCount, columns, drawView, type ViewDraws } from "./draw.js";
import type { ViewRecipe, ViewSteps } from "./recipe.js";

export interface ViewStreamOptions {
  readonly samples: StreamedSamples;
  readonly device: string;
  readonly recipe: ViewRecipe;
  readonly seed: number;
  /** Views of each sample. */
  readonly views: number;
}

/**
 * The crops of views of streamed samples, (size, size), for `createViewInput` to augment further. They are drawn as views of images
 * in memory are, for (seed, epoch, view, sample), but of the file's own height and width.
 */
export function streamedViews({ samples, device, recipe, seed, views }: ViewStreamOptions): SampleStore {
  const { size } = recipe;
  const steps = (view: number) => recipe.views[view % recipe.views.length] as ViewSteps;

  async function decode(path: string, sample: number, epoch: number): Promise<Decoded> {
    const { autoOrient: sides } = await (await openImage(path)).metadata();
    const pixels = new Uint8Array(views * 3 * size ** 2);
    const draws = new Float32Array(views * columnCount);
    const cutView = async (view: number) => {
      const row = draws.subarray(view * columnCount, (view + 1) * columnCount);
      drawView(randomFrom(seed, epoch, "view", view, sample), steps(view), [sides.height, sides.width], row);
      pixels.set(
        await cropped(path, cropOf(row), sides, { size, depthRanges: samples.depthRanges }),
        view * 3 * size ** 2,
      );
      row.set([0, 0, size, size], columns.top);
    };
    await Promise.all(Array.from({ length: views }, (_, view) => cutView(view)));
    return { pixels, draws };
  }

  return streamedStore({ samples, device, height: size, width: size, views, decode });
}

interface Crop {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

function cropOf(row: ViewDraws): Crop {
  const [top, left, height, width] = row.subarray(columns.top, columns.top + 4) as unknown as number[];
  return { top, left, height, width } as Crop;
}

/**
 * A crop of an image, (size, size, 3). The full image is resized so that the crop has its size, and the crop then taken:
 * a JPEG is then decoded no larger than need be, and of the resized image only the crop is ever computed.
 */
async function cropped(
  path: string,
  { top, left, height, width }: Crop,
  sides: { readonly height: number; readonly width: number },
  { size, depthRanges }: { readonly size: number; readonly depthRanges: StreamedSamples["depthRanges"] },
): Promise<Uint8Array> {
  const down = Math.max(size, Math.round((sides.height * size) / height));
  const across = Math.max(size, Math.round((sides.width * size) / width));
  const placed = (start: number, length: number, full: number) =>
    Math.min(Math.round((start * size) / length), full - size);
  const picture = await openAsBytes(path, { failOn: "error" }, depthRanges);
  return picture
    .flatten({ background: "white" })
    .resize(across, down, { fit: "fill" })
    .extract({ top: placed(top, height, down), left: placed(left, width, across), width: size, height: size })
    .toColorspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer();
}
