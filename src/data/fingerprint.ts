// A fingerprint of a data set, by which a resumed run checks that its data is unchanged.
import { createHash, type Hash } from "node:crypto";
import type { DataSet, HeldSamples, Samples } from "./types.js";

/** Bytes hashed at a time; OpenSSL is limited to 2 GB. */
const chunkBytes = 2 ** 26;

/**
 * The first 16 hexadecimal digits of a SHA-256 over classes, shapes, labels and values: equal for equal contents, whatever
 * format they were read from. Of streamed images their files' names are hashed, not their pixels.
 */
export function fingerprint({ classes, train, test }: DataSet): string {
  const hash = createHash("sha256").update(JSON.stringify(classes));
  addSamples(hash, train);
  if (test !== null) addSamples(hash, test);
  return hash.digest("hex").slice(0, 16);
}

function addSamples(hash: Hash, samples: Samples): void {
  const { shape, labels } = samples;
  const kind = samples.kind === "streamed" ? "streamed" : samples.values instanceof Uint8Array ? "uint8" : "float32";
  hash.update(JSON.stringify({ kind, shape, samples: labels.length }));
  if (samples.kind === "streamed") {
    for (const file of samples.files) hash.update(`${file}\n`);
    addArray(hash, labels);
  } else {
    addArray(hash, labels);
    addArray(hash, samples.values);
  }
}

function addArray(hash: Hash, array: HeldSamples["labels" | "values"]): void {
  for (let start = 0; start < array.byteLength; start += chunkBytes) {
    const length = Math.min(chunkBytes, array.byteLength - start);
    hash.update(new Uint8Array(array.buffer, array.byteOffset + start, length));
  }
}
