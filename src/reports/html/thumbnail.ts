// A sample as a small picture inside the page.
import type { Sharp } from "sharp";
import { sharp } from "../../data/formats/images/sharp.js";
import { decodedSamples } from "../../data/loader/streamed.js";
import { holdsBytes, type Samples, type StreamedSamples } from "../../data/types.js";

/** The longest side of a picture, in its own pixels. */
const LARGEST = 96;

/** A picture as a data URI, and whether it is so small that its pixels should stay squares when it is enlarged. */
export interface Thumbnail {
  readonly uri: string;
  readonly pixelated: boolean;
}

/** Whether samples are pictures: bytes in 1 or 3 channels of two dimensions. */
export function holdPictures(samples: Samples): boolean {
  const { shape } = samples;
  return holdsBytes(samples) && shape.length === 3 && (shape[0] === 1 || shape[0] === 3);
}

/**
 * Sample `index` of pictures (see `holdPictures`) as WebP: up to 96 pixels a side without loss, larger ones shrunk.
 * Throws a RangeError for a sample that is not there.
 */
export async function thumbnail(samples: Samples, index: number): Promise<Thumbnail> {
  const picture = await pictureOf(samples, index);
  const large = Math.max(...samples.shape.slice(1)) > LARGEST;
  const small = large
    ? picture.resize(LARGEST, LARGEST, { fit: "inside" }).webp({ quality: 80 })
    : picture.webp({ lossless: true });
  return { uri: `data:image/webp;base64,${(await small.toBuffer()).toString("base64")}`, pixelated: !large };
}

/** (channels, pixels) as (pixels, channels). */
function interleaved(planes: ArrayLike<number>, channels: number): Uint8Array {
  const pixels = planes.length / channels;
  return Uint8Array.from(
    { length: planes.length },
    (_, i) => planes[(i % channels) * pixels + Math.floor(i / channels)]!,
  );
}

/** A picture of `side` pixels a side at most, in few bytes, as a data URI. */
export async function smallThumbnail(samples: Samples, index: number, side: number): Promise<string> {
  const picture = await pictureOf(samples, index);
  const small = picture.resize(side, side, { fit: "inside", withoutEnlargement: true }).webp({ quality: 60 });
  return `data:image/webp;base64,${(await small.toBuffer()).toString("base64")}`;
}

async function pictureOf(samples: Samples, index: number): Promise<Sharp> {
  const { labels } = samples;
  if (!(index in labels)) throw new RangeError(`no sample ${index}: expected 0 to ${labels.length - 1}`);
  if (samples.kind === "streamed") return pictureInFile(samples, index);
  const { values, shape } = samples;
  const [channels, height, width] = shape as [1 | 3, number, number];
  const size = channels * height * width;
  const pixels = interleaved(values.subarray(index * size, (index + 1) * size), channels);
  return sharp(pixels, { raw: { channels, height, width } });
}

/** A picture that is decoded for this; gray where its file cannot be, which no report should fail for. */
async function pictureInFile(samples: StreamedSamples, index: number): Promise<Sharp> {
  const [, height, width] = samples.shape as [3, number, number];
  const decoded = await decodedSamples(samples, Int32Array.of(index)).catch(() => null);
  return decoded ? pictureOf(decoded, 0) : sharp({ create: { width, height, channels: 3, background: "gray" } });
}
