// Exact copies: samples of equal values, or of equal files.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { imageSource } from "../containers/containers.js";
import { forEachBounded } from "../files.js";
import { pathOf } from "../loader/streamed.js";
import type { Samples, StreamedSamples } from "../types.js";
import type { CopyPair } from "./near.js";

/** Of each sample a digest of its values, of streamed ones a digest of the file's bytes; null where the file cannot be read. */
export function digestsOf(samples: Samples): Promise<(string | null)[]> {
  return samples.kind === "streamed" ? fileDigests(samples) : rowDigests(samples.values, samples.labels.length);
}

const digest = (bytes: Uint8Array | Float32Array) => createHash("sha256").update(bytes).digest("base64");

/** Of each of the rows a digest of its values. */
export async function rowDigests(values: Uint8Array | Float32Array, rows: number): Promise<string[]> {
  const size = values.length / rows;
  const digests: string[] = [];
  for (let i = 0; i < rows; i++) {
    digests.push(digest(values.subarray(i * size, (i + 1) * size)));
    if (i % 10_000 === 0) await setImmediate();
  }
  return digests;
}

async function fileDigests(samples: StreamedSamples): Promise<(string | null)[]> {
  const digests: (string | null)[] = new Array(samples.labels.length).fill(null);
  await forEachBounded(digests.length, 16, async (i) => {
    digests[i] = await bytesOf(pathOf(samples, i)).then(digest, () => null);
  });
  return digests;
}

async function bytesOf(path: string): Promise<Uint8Array> {
  const source = await imageSource(path);
  return typeof source === "string" ? readFile(source) : source;
}

/** Each sample that equals an earlier one, with the first of those. */
export function equalPairs(digests: readonly (string | null)[]): CopyPair[] {
  return pairsWith(digests, firsts(digests)).filter(({ first, second }) => first !== second);
}

/** Each sample that equals one of another set, with the first of those. */
export function equalPairsBetween(digests: readonly (string | null)[], others: readonly (string | null)[]): CopyPair[] {
  return pairsWith(digests, firsts(others)).map(({ first, second }) => ({
    first: second,
    second: first,
    similarity: 1,
  }));
}

/** The first sample of each digest. */
function firsts(digests: readonly (string | null)[]): Map<string, number> {
  const found = new Map<string, number>();
  digests.forEach((name, i) => {
    if (name !== null && !found.has(name)) found.set(name, i);
  });
  return found;
}

function pairsWith(digests: readonly (string | null)[], known: ReadonlyMap<string, number>): CopyPair[] {
  return digests.flatMap((name, second) => {
    const first = name === null ? undefined : known.get(name);
    return first === undefined ? [] : [{ first, second, similarity: 1 }];
  });
}
