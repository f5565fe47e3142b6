// Images decoded when a batch needs them; only the prefetched batches are in memory.
import { InputError } from "../../errors.js";
import { keep, scope, type Tensor, tensor } from "../../torch/index.js";
import { whyNotDecoded } from "../formats/images/decode-image.js";
import { listed } from "../listed.js";
import type { StreamedSamples } from "../types.js";
import { columnCount, type ViewDraws } from "../views/draw.js";
import type { LoadedSamples, SampleStore } from "./store.js";
import { pathOf } from "./streamed.js";

/** A decoded file: one image per view, (height, width, 3), one after the other, and the draws of its remaining steps. */
export interface Decoded {
  readonly pixels: Uint8Array;
  readonly draws?: ViewDraws;
}

export interface StreamOptions {
  readonly samples: StreamedSamples;
  readonly device: string;
  /** The size of the decoded images. */
  readonly height: number;
  readonly width: number;
  readonly views: number;
  /** Decodes the file of a sample for an epoch. */
  decode(path: string, sample: number, epoch: number): Promise<Decoded>;
}

/** Prefetched batches: a step blocks the event loop, so decoding that overlaps with it was started before. */
const ahead = 3;

/** The pixels of an image that cannot be decoded but is requested. */
const gray = 128;

/** The decoded file of each sample of a batch, or why decoding failed. */
type DecodedBatch = readonly (Decoded | string)[];

/** Streams samples from their files. Memory: 4 batches of `views` images, decoded, and the one in use on the device. */
export function streamedStore(options: StreamOptions): SampleStore {
  const { samples, decode } = options;
  const failures = failuresOf(samples);

  async function load(index: Int32Array, epoch: number): Promise<LoadedSamples> {
    const decodedOrReason = async (sample: number) => {
      const path = pathOf(samples, sample);
      return decode(path, sample, epoch).catch((error: Error) => whyNotDecoded(path, error));
    };
    // All at once, so that the decoding threads stay busy while a step blocks this one.
    const decoded = await Promise.all(Array.from(index, decodedOrReason));
    for (const [i, made] of decoded.entries()) if (typeof made === "string") failures.add(index[i] as number, made);
    return loadedBatch(index, decoded, options);
  }

  return { load, ahead, notes: failures.notes, release: () => {} };
}

function loadedBatch(index: Int32Array, decoded: DecodedBatch, options: StreamOptions): LoadedSamples {
  const { height, width } = options;
  const rows = new Map(Array.from(index, (sample, i) => [sample, i]));
  const failed = decoded.some((made) => typeof made === "string");
  let values: Tensor | null = null;
  return {
    readable: failed ? index.filter((_, i) => typeof decoded[i] !== "string") : index,
    locate(chosen, view) {
      values ??= toDevice(decoded, options);
      const positions = chosen.map((sample) => rows.get(sample) ?? notLoaded(sample));
      const draws = drawsOf(positions, decoded, view, [0, 0, height, width]);
      return { values, rows: positions.map((position) => view * index.length + position), ...(draws && { draws }) };
    },
    [Symbol.dispose]() {
      values?.release();
      values = null;
    },
  };
}

/** (views n, 3, height, width): all first views, then all second ones. */
function toDevice(decoded: DecodedBatch, { device, height, width, views }: StreamOptions): Tensor {
  const size = height * width * 3;
  const pixels = new Uint8Array(views * decoded.length * size);
  for (const [i, made] of decoded.entries()) {
    for (let view = 0; view < views; view++) {
      const row = pixels.subarray((view * decoded.length + i) * size, (view * decoded.length + i + 1) * size);
      if (typeof made === "string") row.fill(gray);
      else row.set(made.pixels.subarray(view * size, (view + 1) * size));
    }
  }
  const shape = [views * decoded.length, height, width, 3];
  return scope(() => keep(tensor(pixels, { shape, device }).permute([0, 3, 1, 2]).contiguous()));
}

/** The draws of a view for some rows, null where images have none; an undecodable image has the crop `full`. */
function drawsOf(rows: Int32Array, decoded: DecodedBatch, view: number, full: readonly number[]): ViewDraws | null {
  if (!decoded.some((made) => typeof made !== "string" && made.draws !== undefined)) return null;
  const draws = new Float32Array(rows.length * columnCount);
  rows.forEach((row, i) => {
    const made = decoded[row] as Decoded | string;
    const own = typeof made === "string" ? undefined : made.draws;
    draws.set(own?.subarray(view * columnCount, (view + 1) * columnCount) ?? full, i * columnCount);
  });
  return draws;
}

/** Images that cannot be decoded: refused under `strict`, else each noted once. */
function failuresOf({ files, strict }: StreamedSamples) {
  const known = new Set<number>();
  let unnoted: string[] = [];
  return {
    add(sample: number, reason: string): void {
      const file = files[sample] as string;
      if (strict) throw new InputError(`${file} cannot be decoded: ${reason}`);
      if (!known.has(sample)) unnoted.push(`${file} (${reason})`);
      known.add(sample);
    },
    notes(): string[] {
      const noted = unnoted;
      unnoted = [];
      return noted.length === 0 ? [] : [`${noted.length} images cannot be decoded and were skipped: ${listed(noted)}`];
    },
  };
}

function notLoaded(sample: number): never {
  throw new Error(`sample ${sample} is not among those of the batch`);
}
