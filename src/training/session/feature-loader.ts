// Batches of a frozen network's features: computed once, kept in a file, and served in place of the samples.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { writeFileAtomic } from "../../atomic-files.js";
import { type ChannelStatistics, createLoader, type Loader, type Samples } from "../../data/index.js";
import { allIndices } from "../../evaluation/evaluate.js";
import { type Backbone, featuresOf, type SampleFeatures } from "../../evaluation/probe/features.js";
import type { Network } from "../../models/index.js";
import { readSafetensors, type StoredTensor, writeSafetensors } from "../../torch/index.js";
import type { Placement } from "./training-data.js";

export interface FeatureLoaderOptions {
  readonly samples: Samples;
  /** The samples as the network takes them. */
  readonly source: Loader;
  readonly backbone: Backbone & { readonly model: Network };
  readonly placement: Placement;
  /** What the features depend on besides the samples' order: data, normalization, weights, precision. */
  readonly key: string;
}

/** The folder of features: `selfadapt/features` in XDG_CACHE_HOME, or in the user's `.cache`. */
export const featureFolder = () =>
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "selfadapt", "features");

export const hashOf = (...parts: readonly (string | Uint8Array)[]): string =>
  parts
    .reduce((hash, part) => hash.update(part), createHash("sha256"))
    .digest("hex")
    .slice(0, 24);

/** A loader of features, (n, embeddingSize). They are read or computed when the first batch is requested. */
export function featureLoader({ samples, source, backbone, placement, key }: FeatureLoaderOptions): Loader {
  let opening: Promise<Loader> | null = null;
  let opened: Loader | null = null;

  async function open(): Promise<Loader> {
    const { embeddingSize: size } = backbone.model;
    const file = join(featureFolder(), `${key}.safetensors`);
    const { features, indices } = readFeatures(file, size) ?? (await computed(file, size));
    const values = new Float32Array(samples.labels.length * size);
    indices.forEach((sample, row) => void values.set(features.subarray(row * size, (row + 1) * size), sample * size));
    const known = new Set(indices);
    const unreadable = allIndices(samples.labels).filter((sample) => !known.has(sample));
    opened = createLoader({ samples: { values, shape: [size], labels: samples.labels }, unreadable, ...placement });
    return opened;
  }

  async function computed(file: string, size: number): Promise<SampleFeatures> {
    const training = backbone.model.training;
    backbone.model.eval();
    try {
      const result = await featuresOf(backbone, source, allIndices(samples.labels));
      keepFeatures(file, result, size);
      return result;
    } finally {
      backbone.model.train(training);
    }
  }

  const release = () => {
    opened?.release();
    source.release();
  };
  const loader: Loader = {
    samples,
    async *batches(options) {
      opening ??= open();
      yield* (await opening).batches(options);
    },
    augmented: () => loader,
    notes: () => [...source.notes(), ...(opened?.notes() ?? [])],
    release,
    [Symbol.dispose]: release,
  };
  return loader;
}

/** A disk that takes no features does not stop a run: the next one computes them again. */
function keepFeatures(file: string, features: SampleFeatures, size: number): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileAtomic(file, writeSafetensors(asTensors(features, size)));
  } catch {}
}

function asTensors({ features, indices }: SampleFeatures, size: number): Map<string, StoredTensor> {
  const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array) =>
    new Uint8Array(buffer, byteOffset, byteLength);
  return new Map<string, StoredTensor>([
    ["features", { dtype: "float32", shape: [indices.length, size], bytes: bytesOf(features) }],
    ["indices", { dtype: "int32", shape: [indices.length], bytes: bytesOf(indices) }],
  ]);
}

/** The features of an earlier run; null where there are none, or their file is damaged. */
function readFeatures(file: string, size: number): SampleFeatures | null {
  if (!existsSync(file)) return null;
  try {
    const { tensors } = readSafetensors(new Uint8Array(readFileSync(file)), file);
    const [features, indices] = ["features", "indices"].map((name) => tensors.get(name)?.bytes.slice());
    if (features === undefined || indices === undefined) return null;
    const rows = new Int32Array(indices.buffer);
    return features.length === 4 * rows.length * size
      ? { features: new Float32Array(features.buffer), indices: rows }
      : null;
  } catch {
    return null;
  }
}

/** The name of a run's features. */
export function featureKey(
  part: string,
  facts: {
    readonly data: readonly unknown[];
    readonly normalization: ChannelStatistics;
    readonly compute: readonly string[];
  },
  weights: ReadonlyMap<string, StoredTensor>,
): string {
  const tensors = [...weights].flatMap(([name, { bytes }]) => [name, bytes]);
  return hashOf(JSON.stringify([part, facts]), ...tensors);
}
