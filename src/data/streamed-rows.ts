// Images that are decoded when a batch needs them, and nothing held but the batches ahead.
import { InputError } from "../errors.js";
import { keep, scope, type Tensor, tensor } from "../torch/index.js";
import { whyNotDecoded } from "./formats/decode-image.js";
import { listed } from "./labels.js";
import { prefetch } from "./prefetch.js";
import type { Rows } from "./rows.js";
import { pathOf } from "./streamed.js";
import type { Samples } from "./types.js";
import { columnCount, type ViewDraws } from "./views/draw.js";

/** What a file is made into: one picture a view, (height, width, 3), one after the other, and how the rest of each is drawn. */
export interface Cut {
  readonly pixels: Uint8Array;
  readonly draws?: ViewDraws;
}

export interface StreamOptions {
  readonly samples: Samples;
  readonly device: string;
  /** The sides of what is cut. */
  readonly height: number;
  readonly width: number;
  readonly views: number;
  /** Decodes the file of a sample as an epoch shows it. */
  cut(path: string, sample: number, epoch: number): Promise<Cut>;
}

/** Batches that are decoded beside the one in use. A step blocks the event loop, so that what is decoded in it was begun before. */
const ahead = 3;

/** What stands in the place of an image that cannot be read, where it is asked for nevertheless. */
const grey = 128;

interface Decoded {
  readonly pixels: Uint8Array;
  readonly draws: ViewDraws | null;
  readonly readable: Int32Array;
}

/** Streams samples from their files. Memory: 4 batches of `views` pictures, decoded. */
export function streamedRows({ samples, device, height, width, views, cut }: StreamOptions): Rows {
  const size = height * width * 3;
  const told = new Set<number>();
  let untold: string[] = [];
  let current: { readonly batch: Int32Array; readonly values: Tensor; readonly draws: ViewDraws | null } | null = null;
  let places = new Map<number, number>();
  const take = prefetch(decode, ahead);

  async function decode(batch: Int32Array, epoch: number): Promise<Decoded> {
    const pixels = new Uint8Array(views * batch.length * size).fill(grey);
    let draws: ViewDraws | null = null;
    const reasons = new Map<number, string>();
    // All at once: the threads that decode are then busy while a step keeps this one from handing out more.
    const tasks = Array.from(batch, async (sample, i) => {
      const path = pathOf(samples, sample);
      try {
        const made = await cut(path, sample, epoch);
        for (let view = 0; view < views; view++) {
          const row = view * batch.length + i;
          pixels.set(made.pixels.subarray(view * size, (view + 1) * size), row * size);
          if (made.draws === undefined) continue;
          draws ??= new Float32Array(views * batch.length * columnCount);
          draws.set(made.draws.subarray(view * columnCount, (view + 1) * columnCount), row * columnCount);
        }
      } catch (error) {
        reasons.set(sample, await whyNotDecoded(path, error as Error));
      }
    });
    await Promise.all(tasks);
    // In the order of the batch, which file is ready first being chance.
    batch.forEach((sample) => reasons.has(sample) && fail(sample, reasons.get(sample) as string));
    return { pixels, draws, readable: reasons.size === 0 ? batch : batch.filter((sample) => !reasons.has(sample)) };
  }

  function fail(sample: number, reason: string): void {
    const file = samples.files?.[sample];
    if (samples.stream?.strict) throw new InputError(`${file} cannot be decoded: ${reason}`);
    if (!told.has(sample)) untold.push(`${file} (${reason})`);
    told.add(sample);
  }

  function release(): void {
    current?.values.release();
    current = null;
  }

  return {
    async fetch(batches, at, epoch = 0) {
      const batch = batches[at] as Int32Array;
      const { pixels, draws, readable } = await take(batches, at, epoch);
      release();
      const values = scope(() => {
        const interleaved = tensor(pixels, { shape: [views * batch.length, height, width, 3], device });
        return keep(interleaved.permute([0, 3, 1, 2]).contiguous());
      });
      current = { batch, values, draws };
      places = new Map(Array.from(batch, (sample, i) => [sample, i]));
      return readable;
    },
    locate(index, view = 0) {
      if (current === null) throw notFetched(index[0]);
      const { batch, values, draws } = current;
      const rows = index.map((sample) => {
        const place = places.get(sample);
        if (place === undefined) throw notFetched(sample);
        return view * batch.length + place;
      });
      return { values, rows, ...(draws && { draws: drawsAt(draws, rows) }) };
    },
    notes() {
      const found = untold;
      untold = [];
      return found.length === 0 ? [] : [`${found.length} images cannot be decoded and were skipped: ${listed(found)}`];
    },
    release,
  };
}

function drawsAt(draws: ViewDraws, rows: Int32Array): ViewDraws {
  const chosen = new Float32Array(rows.length * columnCount);
  const rowOf = (row: number) => draws.subarray(row * columnCount, (row + 1) * columnCount);
  rows.forEach((row, i) => void chosen.set(rowOf(row), i * columnCount));
  return chosen;
}

const notFetched = (sample: number | undefined) => new Error(`sample ${sample} was located before it was fetched`);
