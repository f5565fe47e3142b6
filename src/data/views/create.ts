// Views of images that are on the device.
import { InputError } from "../../errors.js";
import { keep, type Tensor } from "../../torch/index.js";
import type { ViewKey } from "./draw.js";
import { createViewInput, type ViewInputOptions } from "./view-input.js";

export interface ViewsOptions extends ViewInputOptions {
  /** uint8 (n, 3, height, width), the caller's to release. */
  readonly images: Tensor;
}

export interface Views {
  /** A view of each sample at `index`, normalized, (n, 3, size, size) in channels_last; belongs in a scope. */
  batch(index: Int32Array, key: ViewKey): Tensor;
  release(): void;
}

function checkImages(images: Tensor): void {
  if (images.dtype === "uint8" && images.shape.length === 4 && images.shape[1] === 3) return;
  throw new InputError(
    `views are drawn of colour images, received ${images.dtype} of the shape [${images.shape.join(", ")}]; ` +
      "expected uint8 of the shape [n, 3, height, width]",
  );
}

/**
 * Views of images by their positions.
 * @throws InputError when the images are not uint8 with 3 channels.
 */
export function createViews({ images, ...options }: ViewsOptions): Views {
  checkImages(images);
  const values = images.to(options.device);
  if (values !== images) keep(values);
  const input = createViewInput(options);
  return {
    batch: (index, key) => input.make({ values, rows: index }, index, key),
    release() {
      input.release();
      if (values !== images) values.release();
    },
  };
}
