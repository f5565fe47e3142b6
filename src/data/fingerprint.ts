// A short name for the contents of a data set, by which a resumed run knows that it was given the same one.
import { createHash, type Hash } from "node:crypto";
import type { DataSet, Samples } from "./types.js";

/** What is hashed at a time: OpenSSL takes no 2 GB at once. */
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

function addSamples(hash: Hash, { values, shape, labels, files, stream }: Samples): void {
  const kind = stream !== undefined ? "streamed" : values instanceof Uint8Array ? "uint8" : "float32";
  hash.update(JSON.stringify({ kind, shape, samples: labels.length }));
  if (stream !== undefined) for (const file of files ?? []) hash.update(`${file}\n`);
  for (const array of [labels, values]) {
    for (let start = 0; start < array.byteLength; start += chunkBytes) {
      const length = Math.min(chunkBytes, array.byteLength - start);
      hash.update(new Uint8Array(array.buffer, array.byteOffset + start, length));
    }
  }
}
