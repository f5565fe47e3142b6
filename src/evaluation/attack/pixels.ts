// The images to attack: pixels from 0 to 1, not normalized.
import type { AttackBatch } from "../../attacks/index.js";
import { holdsBytes, type LoadedSamples, type Samples, storeOf } from "../../data/index.js";
import { InputError } from "../../errors.js";
import { type DType, tensor } from "../../torch/index.js";

export interface Pixels {
  /** Decodes samples that are streamed; resolves to those that can be decoded. */
  load(index: Int32Array): Promise<Int32Array>;
  /** The samples at `index`, all of them loaded; belongs in a scope. */
  batch(index: Int32Array): AttackBatch;
  /** Notes on images that cannot be decoded, since the last call. */
  notes(): string[];
  release(): void;
}

/** @throws InputError for samples that are not images of bytes or of pixels from 0 to 1. */
export function requirePixels(samples: Samples, name: string): void {
  const { shape } = samples;
  if (shape.length !== 3) {
    throw new InputError(
      `${name}: received samples of ${shape.join(" x ")}; expected images, whose pixels attacks change`,
    );
  }
  if (samples.kind === "streamed" || samples.values instanceof Uint8Array) return;
  const outside = samples.values.find((value) => !(value >= 0 && value <= 1));
  if (outside !== undefined) {
    throw new InputError(
      `${name}: received a pixel of ${outside}; expected images of bytes, or of numbers from 0 to 1`,
    );
  }
}

/** Images on the device as they are stored, or decoded from their files; bytes count from 0 to 255. */
export function createPixels(samples: Samples, device: string, dtype: DType): Pixels {
  const store = storeOf(samples, device);
  let loaded: LoadedSamples | null = null;
  const scale = holdsBytes(samples) ? 255 : 1;
  const images = (index: Int32Array) => {
    if (loaded === null) throw new Error("images are requested before they are loaded");
    const located = loaded.locate(index, 0);
    // Divided in float32, as the loader of training divides.
    return located.values.indexSelect(0, tensor(located.rows).to(device)).to("float32").div(scale).to(dtype);
  };
  const labels = (index: Int32Array) =>
    tensor(index.map((sample) => samples.labels[sample] as number))
      .to("int64")
      .to(device);
  return {
    async load(index) {
      loaded?.[Symbol.dispose]();
      loaded = await store.load(index, 0);
      return loaded.readable;
    },
    batch: (index) => ({ images: images(index), labels: labels(index), index }),
    notes: store.notes,
    release() {
      loaded?.[Symbol.dispose]();
      store.release();
    },
  };
}
