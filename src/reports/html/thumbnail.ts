// A sample as a thumbnail embedded in the page.
import type { Sharp } from "sharp";
import { sharp } from "../../data/formats/images/sharp.js";
import { decodedSamples } from "../../data/loader/streamed.js";
import { holdsBytes, type Samples, type StreamedSamples } from "../../data/types.js";

/** The longest side of a thumbnail in pixels. */
const MAX_SIDE = 96;

/** An image as a data URI, and whether it is small enough to be enlarged without smoothing. */
export interface Thumbnail {
  readonly uri: string;
  readonly pixelated: boolean;
}

/** Whether samples are images: bytes in 1 or 3 channels. */
export function holdImages(samples: Samples): boolean {
  const { shape } = samples;
  return holdsBytes(samples) && shape.length === 3 && (shape[0] === 1 || shape[0] === 3);
}

/**
 * Sample `index` of images (see `holdImages`) as WebP: lossless up to 96 pixels a side, larger ones shrunk.
 * @throws RangeError for an index out of range.
 */
export async function thumbnail(samples: Samples, index: number): Promise<Thumbnail> {
  const image = await imageOf(samples, index);
  const large = Math.max(...samples.shape.slice(1)) > MAX_SIDE;
  const small = large
    ? image.resize(MAX_SIDE, MAX_SIDE, { fit: "inside" }).webp({ quality: 80 })
    : image.webp({ lossless: true });
  return { uri: `data:image/webp;base64,${(await small.toBuffer()).toString("base64")}`, pixelated: !large };
}

/** A sample as PNG, at most 96 pixels a side, with its size. */
export async function pngOf(samples: Samples, index: number) {
  const image = (await imageOf(samples, index)).toColourspace("srgb");
  const small = image.resize(MAX_SIDE, MAX_SIDE, { fit: "inside", withoutEnlargement: true }).png();
  const { data, info } = await small.toBuffer({ resolveWithObject: true });
  return { png: data, height: info.height, width: info.width };
}

/** (channels, pixels) as (pixels, channels). */
function interleaved(planes: ArrayLike<number>, channels: number): Uint8Array {
  const pixels = planes.length / channels;
  return Uint8Array.from(
    { length: planes.length },
    (_, i) => planes[(i % channels) * pixels + Math.floor(i / channels)]!,
  );
}

/** A compressed image of at most `side` pixels a side, as a data URI. */
export async function smallThumbnail(samples: Samples, index: number, side: number): Promise<string> {
  const image = await imageOf(samples, index);
  const small = image.resize(side, side, { fit: "inside", withoutEnlargement: true }).webp({ quality: 60 });
  return `data:image/webp;base64,${(await small.toBuffer()).toString("base64")}`;
}

async function imageOf(samples: Samples, index: number): Promise<Sharp> {
  const { labels } = samples;
  if (!(index in labels)) throw new RangeError(`no sample ${index}: expected 0 to ${labels.length - 1}`);
  if (samples.kind === "streamed") return streamedImage(samples, index);
  const { values, shape } = samples;
  const [channels, height, width] = shape as [1 | 3, number, number];
  const size = channels * height * width;
  const pixels = interleaved(values.subarray(index * size, (index + 1) * size), channels);
  return sharp(pixels, { raw: { channels, height, width } });
}

/** Decodes a streamed image; gray if that fails, so that a report never fails because of one image. */
async function streamedImage(samples: StreamedSamples, index: number): Promise<Sharp> {
  const [, height, width] = samples.shape as [3, number, number];
  const decoded = await decodedSamples(samples, Int32Array.of(index)).catch(() => null);
  return decoded ? imageOf(decoded, 0) : sharp({ create: { width, height, channels: 3, background: "gray" } });
}
