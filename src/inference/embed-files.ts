// The features of any number of files, a batch of rows at a time.
import { unitRows } from "../metrics/index.js";
import { parseOptions } from "../options/index.js";
import type { Embedder } from "./embedder.js";
import { assembleBatch } from "./predictor.js";
import { type EmbedFilesOptions, embedOptions } from "./samples/load-options.js";
import { loadBatches, type Turn } from "./samples/load-samples.js";

/** A batch of files: features of those that could be read, and the errors of the others. */
export interface EmbeddedFiles {
  /** One a row. */
  readonly files: readonly string[];
  /** (files, embeddingSize) row-major. */
  readonly rows: Float32Array;
  readonly failed: readonly { readonly file: string; readonly error: string }[];
}

/**
 * Embeds image files and arrays, a batch at a time, in their order; ranks take the batches in turn. Memory and errors as
 * `loadBatches`.
 */
export async function* embedFiles(
  embedder: Embedder,
  paths: AsyncIterable<string>,
  options: EmbedFilesOptions = {},
  turn?: Turn,
): AsyncGenerator<EmbeddedFiles> {
  const { normalize } = parseOptions(embedOptions, options);
  for await (const batch of loadBatches(embedder.input, paths, options, turn)) {
    const read = batch.flatMap((loaded) => ("values" in loaded ? [loaded] : []));
    const failed = batch.flatMap((loaded) => ("error" in loaded ? [loaded] : []));
    const values = assembleBatch(
      read.map((loaded) => loaded.values),
      embedder.input,
    );
    const rows = read.length === 0 ? new Float32Array() : embedder.embed(values, read.length);
    const embeddings = normalize && read.length > 0 ? Float32Array.from(unitRows(rows, read.length)) : rows;
    yield { files: read.map(({ file }) => file), rows: embeddings, failed };
  }
}
