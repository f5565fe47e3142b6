// Images as attacks see them: pixels from 0 to 1, not normalised.
import type { AttackBatch } from "../../attacks/index.js";
import type { Samples } from "../../data/index.js";
import { InputError } from "../../errors.js";
import { type DType, keep, tensor } from "../../torch/index.js";

export interface Pixels {
  /** The samples at `index`; belongs in a scope. */
  batch(index: Int32Array): AttackBatch;
  release(): void;
}

/** @throws InputError for samples that are no images with pixels from 0 to 1, or bytes. */
export function requirePixels({ values, shape }: Samples, name: string): void {
  if (shape.length !== 3) {
    throw new InputError(
      `${name}: received samples of ${shape.join(" x ")}; expected images, whose pixels attacks change`,
    );
  }
  if (values instanceof Uint8Array) return;
  const outside = values.find((value) => !(value >= 0 && value <= 1));
  if (outside !== undefined) {
    throw new InputError(
      `${name}: received a pixel of ${outside}; expected images of bytes, or of numbers from 0 to 1`,
    );
  }
}

/** Holds images on the device as they are stored; bytes count from 0 to 255. */
export function createPixels({ values, shape, labels }: Samples, device: string, dtype: DType): Pixels {
  const stored = keep(tensor(values, { shape: [labels.length, ...shape], device }));
  const scale = values instanceof Uint8Array ? 255 : 1;
  return {
    batch: (index) => ({
      // Divided in float32, as the loader of training divides.
      images: stored.indexSelect(0, tensor(index).to(device)).to("float32").div(scale).to(dtype),
      labels: tensor(index.map((sample) => labels[sample] as number))
        .to("int64")
        .to(device),
      index,
    }),
    release: () => void stored.release(),
  };
}
