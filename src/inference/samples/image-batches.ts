// Images as batches of decoded pixels: decoded ahead, a bounded number at a time.
import { decodeImage, type ImageShape, whyNotDecoded } from "../../data/formats/images/decode-image.js";
import { InputError } from "../../errors.js";
import { inOrder } from "./in-order.js";

/** The path of an image file, or the bytes of one. */
export type ImageSource = string | Uint8Array;

type Decoded = { readonly pixels: Uint8Array } | { readonly error: string };

/**
 * Yields the pixels of `batchSize` images at a time, each (channels, height, width).
 * @throws InputError that names the first image that cannot be decoded.
 */
export async function* decodeBatches(
  images: readonly ImageSource[],
  shape: ImageShape,
  batchSize: number,
): AsyncGenerator<Uint8Array[]> {
  let batch: Uint8Array[] = [];
  for await (const decoded of inOrder(decodeTasks(images, shape), batchSize)) {
    if ("error" in decoded) throw new InputError(decoded.error);
    batch.push(decoded.pixels);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function* decodeTasks(images: readonly ImageSource[], shape: ImageShape): AsyncGenerator<() => Promise<Decoded>> {
  for (const [i, image] of images.entries()) yield () => decode(image, i, shape);
}

async function decode(image: ImageSource, position: number, shape: ImageShape): Promise<Decoded> {
  try {
    return { pixels: await decodeImage(image, shape) };
  } catch (error) {
    const name = typeof image === "string" ? image : `image ${position}, ${image.length} bytes,`;
    return { error: `${name} cannot be decoded: ${await whyNotDecoded(image, error as Error)}` };
  }
}
