// The folder `studio` of a run: what the review of its data needs, collected once. A cache: it can be deleted.
import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { noiseRate, partName } from "../../api.js";

const studioFolder = "studio";
const indexName = "evidence.json";

/** Raises with every change of the files. */
const version = 3;

/** Where the pictures of a part are: image files, or the pixels (n, channels, height, width) as bytes in the folder. */
const pictures = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("files"),
    folder: z.string(),
    /** What becomes black and white in images of more than 8 bits a value. */
    depthRanges: z
      .record(z.string(), z.tuple([z.number(), z.number()]).readonly())
      .readonly()
      .exactOptional(),
  }),
  z.object({ kind: z.literal("pixels"), shape: z.array(z.int()) }),
  z.object({ kind: z.literal("none") }),
]);

/** Samples that one kind of issue flags, in an order worth looking at, and what is wrong with each. */
const flagged = z.object({
  name: z.enum(["conflicts", "leaks", "outliers", "quality"]),
  title: z.string(),
  advice: z.string(),
  samples: z.array(z.int()),
  reasons: z.array(z.string()),
});

const part = z.object({ name: partName, samples: z.int(), flagged: z.array(flagged) });

const evidenceIndex = z.object({
  version: z.literal(version),
  /** Of the checkpoint that was evaluated. */
  checkpoint: z.string(),
  /** Of the data, by which pictures are cached. */
  data: z.string(),
  classes: z.array(z.string()),
  featureSize: z.int(),
  noiseRate,
  /** Of the training data, which the parts train and validation count, and of the test set. */
  pictures: z.object({ train: pictures, test: pictures }),
  /** Samples of the training data: the rows of the per-sample history. */
  trainSamples: z.int(),
  hasMap: z.boolean(),
  parts: z.array(part),
  notes: z.array(z.string()),
});

export type EvidenceIndex = z.output<typeof evidenceIndex>;
export type EvidencePart = z.output<typeof part>;
export type Flagged = z.output<typeof flagged>;
export type Pictures = z.output<typeof pictures>;
export type PartName = z.output<typeof partName>;

/** Arrays of a part, one row a sample, little-endian. */
export interface PartArrays {
  /** Positions in the training data, or in the test set. */
  readonly samples: Int32Array;
  /** Class numbers; -1 for none. */
  readonly given: Int32Array;
  readonly suggested: Int32Array;
  /** NaN for samples that are not ranked. */
  readonly wrong: Float64Array;
  /** In `guessNames`; 255 for none. */
  readonly guess: Uint8Array;
  /** The epoch from which on the network never predicted the label; -1 where it did. */
  readonly disagrees: Int32Array;
  /** Class numbers by the final network alone; -1 where it has none. */
  readonly predicted: Int32Array;
  /** (n, classes) probabilities. */
  readonly beliefs: Float32Array;
  /** (n, size), each row at length 1. */
  readonly features: Float32Array;
  /** The given label's target; NaN without targets. */
  readonly target: Float32Array;
  /** (n, 2), from 0 to 1; empty without a map. */
  readonly map: Float32Array;
}

export const guessNames = ["mislabeled", "ambiguous", "outlier", "hard"] as const;

export const evidenceFolder = (run: string) => join(run, studioFolder);

const arrayName = (name: PartName, array: keyof PartArrays) => `${name}-${array}`;
export const pixelsName = (set: "train" | "test") => `${set}-pixels`;
const filesName = (name: PartName) => `${name}-files.json`;

export const indexFile = (index: Omit<EvidenceIndex, "version">): [string, Uint8Array] => [
  indexName,
  new TextEncoder().encode(JSON.stringify({ version, ...index })),
];

export function partFiles(name: PartName, arrays: PartArrays, files: readonly string[] | null): [string, Uint8Array][] {
  const entries = Object.entries(arrays) as [keyof PartArrays, ArrayBufferView<ArrayBuffer>][];
  return [
    ...entries.map(([array, { buffer, byteOffset, byteLength }]): [string, Uint8Array] => [
      arrayName(name, array),
      new Uint8Array(buffer, byteOffset, byteLength),
    ]),
    [filesName(name), new TextEncoder().encode(JSON.stringify(files))],
  ];
}

/** When the evidence was written, in milliseconds since 1970; 0 where there is none. */
export function collectedAt(run: string): number {
  return statSync(join(evidenceFolder(run), indexName), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Null where there is none, or one of another version. */
export function readIndex(run: string): EvidenceIndex | null {
  try {
    const parsed = evidenceIndex.safeParse(JSON.parse(readFileSync(join(evidenceFolder(run), indexName), "utf8")));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

const types = {
  samples: Int32Array,
  given: Int32Array,
  suggested: Int32Array,
  wrong: Float64Array,
  guess: Uint8Array,
  disagrees: Int32Array,
  predicted: Int32Array,
  beliefs: Float32Array,
  features: Float32Array,
  target: Float32Array,
  map: Float32Array,
} as const;

/** One array of a part. Throws where the file is missing. */
export function readArray<Name extends keyof PartArrays>(run: string, part: PartName, name: Name): PartArrays[Name] {
  const file = openSync(join(evidenceFolder(run), arrayName(part, name)), "r");
  try {
    const bytes = new Uint8Array(fstatSync(file).size);
    for (let done = 0, count = 1; done < bytes.length && count > 0; done += count)
      count = readSync(file, bytes, { offset: done });
    return new types[name](bytes.buffer) as PartArrays[Name];
  } finally {
    closeSync(file);
  }
}

export function readFiles(run: string, part: PartName): readonly string[] | null {
  return JSON.parse(readFileSync(join(evidenceFolder(run), filesName(part)), "utf8")) as string[] | null;
}
