// Images that are decoded when a batch needs them, and nothing held but the batches ahead.
import { InputError } from "../../errors.js";
import { keep, scope, type Tensor, tensor } from "../../torch/index.js";
import { whyNotDecoded } from "../formats/decode-image.js";
import { listed } from "../tables/label-file.js";
import type { StreamedSamples } from "../types.js";
import { columnCount, type ViewDraws } from "../views/draw.js";
import { prefetch } from "./prefetch.js";
import type { Rows } from "./rows.js";
import { pathOf } from "./streamed.js";

/** What a file is made into: one picture a view, (height, width, 3), one after the other, and how the rest of each is drawn. */
export interface Cut {
  readonly pixels: Uint8Array;
  readonly draws?: ViewDraws;
}

export interface StreamOptions {
  readonly samples: StreamedSamples;
  readonly device: string;
  /** The sides of what is cut. */
  readonly height: number;
  readonly width: number;
  readonly views: number;
  /** Decodes the file of a sample as an epoch shows it. */
  cut(path: string, sample: number, epoch: number): Promise<Cut>;
}

/** Batches that are decoded beside the one in use: a step blocks the event loop, so what it overlaps was begun before it. */
const ahead = 3;

/** What stands in the place of an image that cannot be decoded, where it is asked for nevertheless. */
const grey = 128;

/** A batch decoded: of each sample what its file was made into, or why that failed. */
interface Decoded {
  readonly cuts: readonly (Cut | string)[];
  readonly readable: Int32Array;
}

/** A batch in use: its rows are all first views, then all second ones. */
interface Current {
  readonly values: Tensor;
  readonly places: ReadonlyMap<number, number>;
  readonly cuts: Decoded["cuts"];
}

/** Streams samples from their files. Memory: 4 batches of `views` pictures, decoded, and the one in use on the device. */
export function streamedRows({ samples, device, height, width, views, cut }: StreamOptions): Rows {
  const size = height * width * 3;
  const failures = failuresOf(samples);
  let current: Current | null = null;

  async function decode(batch: Int32Array, epoch: number): Promise<Decoded> {
    const cutOrReason = async (sample: number) => {
      const path = pathOf(samples, sample);
      return cut(path, sample, epoch).catch((error: Error) => whyNotDecoded(path, error));
    };
    // All at once: the threads that decode are then busy while a step keeps this one from handing out more.
    const cuts = await Promise.all(Array.from(batch, cutOrReason));
    for (const [i, made] of cuts.entries()) if (typeof made === "string") failures.add(batch[i] as number, made);
    return { cuts, readable: batch.filter((_, i) => typeof cuts[i] !== "string") };
  }
  const take = prefetch(decode, ahead);

  function toDevice(cuts: Decoded["cuts"]): Tensor {
    const pixels = new Uint8Array(views * cuts.length * size);
    for (const [i, made] of cuts.entries()) {
      for (let view = 0; view < views; view++) {
        const row = pixels.subarray((view * cuts.length + i) * size, (view * cuts.length + i + 1) * size);
        if (typeof made === "string") row.fill(grey);
        else row.set(made.pixels.subarray(view * size, (view + 1) * size));
      }
    }
    const shape = [views * cuts.length, height, width, 3];
    return scope(() => keep(tensor(pixels, { shape, device }).permute([0, 3, 1, 2]).contiguous()));
  }

  function release(): void {
    current?.values.release();
    current = null;
  }

  return {
    async fetch(batches, at, epoch = 0) {
      const batch = batches[at] as Int32Array;
      const { cuts, readable } = await take(batches, at, epoch);
      release();
      current = { values: toDevice(cuts), places: new Map(Array.from(batch, (sample, i) => [sample, i])), cuts };
      return readable.length === batch.length ? batch : readable;
    },
    locate(index, view = 0) {
      const { values, places, cuts } = current ?? notFetched(index[0]);
      const own = index.map((sample) => places.get(sample) ?? notFetched(sample));
      const draws = drawsOf(own, cuts, view, [0, 0, height, width]);
      return { values, rows: own.map((place) => view * cuts.length + place), ...(draws && { draws }) };
    },
    notes: failures.notes,
    release,
  };
}

/** The draws of a view of some places, none where pictures come without; what cannot be decoded is cropped to `whole`. */
function drawsOf(places: Int32Array, cuts: Decoded["cuts"], view: number, whole: readonly number[]): ViewDraws | null {
  if (!cuts.some((made) => typeof made !== "string" && made.draws !== undefined)) return null;
  const draws = new Float32Array(places.length * columnCount);
  places.forEach((place, i) => {
    const made = cuts[place] as Cut | string;
    const own = typeof made === "string" ? undefined : made.draws;
    draws.set(own?.subarray(view * columnCount, (view + 1) * columnCount) ?? whole, i * columnCount);
  });
  return draws;
}

/** Images that cannot be decoded: refused under `strict`, else told of once each. */
function failuresOf({ files, strict }: StreamedSamples) {
  const known = new Set<number>();
  let untold: string[] = [];
  return {
    add(sample: number, reason: string): void {
      const file = files[sample] as string;
      if (strict) throw new InputError(`${file} cannot be decoded: ${reason}`);
      if (!known.has(sample)) untold.push(`${file} (${reason})`);
      known.add(sample);
    },
    notes(): string[] {
      const told = untold;
      untold = [];
      return told.length === 0 ? [] : [`${told.length} images cannot be decoded and were skipped: ${listed(told)}`];
    },
  };
}

function notFetched(sample: number | undefined): never {
  throw new Error(`sample ${sample} was located before it was fetched`);
}
