// Runs `embed`: opens the run, and writes each batch of rows as it is computed.
import { type FileHandle, open } from "node:fs/promises";
import { writeFilesAtomic } from "../../../atomic-files.js";
import { createNpyRows, type NpyRows } from "../../../data/index.js";
import { InputError } from "../../../errors.js";
import { openEmbedder } from "../../../inference/embedder.js";
import { type EmbeddedFiles, embedFiles, listInputs } from "../../../inference/index.js";
import { alignedRows, log, printResult } from "../../shared/output.js";
import type { EmbedOptions } from "./embed-options.js";

/**
 * Embeds the inputs in their order, in constant memory; both files appear when they are complete.
 * @throws InputError for a run, an input or an output that cannot be used, or when no input could be decoded.
 */
export async function embed(run: string, inputs: readonly string[], options: EmbedOptions): Promise<void> {
  const { out, normalize: normalized, json } = options;
  const list = `${out.slice(0, -".npy".length)}.jsonl`;
  const paths = await listInputs(inputs, process.stdin);
  const embedder = openEmbedder(run, options);
  const size = embedder.embeddingSize;
  try {
    const rows = await writeFilesAtomic([out, list], async (features, names) => {
      const written = await writeRows(embedFiles(embedder, paths, options), size, features, names);
      if (written === 0) throw new InputError("no input could be decoded; expected at least one image or array");
      return written;
    });
    printResult(json, { rows, size, out, files: list, normalized }, [
      ...alignedRows([
        ["embeddings", `${out}: float32 (${rows}, ${size})${normalized ? ", rows of length 1" : ""}`],
        ["files", `${list}: the file of each row`],
      ]),
    ]);
  } finally {
    embedder.close();
  }
}

async function writeRows(
  batches: AsyncIterable<EmbeddedFiles>,
  size: number,
  out: string,
  list: string,
): Promise<number> {
  const features = await createNpyRows(out, size);
  try {
    const names = await open(list, "w");
    try {
      await writeBatches(batches, features, names);
      await names.sync();
    } finally {
      await names.close();
    }
  } catch (error) {
    await features.abandon();
    throw error;
  }
  return features.end();
}

async function writeBatches(batches: AsyncIterable<EmbeddedFiles>, features: NpyRows, names: FileHandle) {
  let row = 0;
  for await (const { files, rows, failed } of batches) {
    for (const { file, error } of failed) log(`${file} cannot be decoded: ${error}`);
    await features.append(rows);
    await names.appendFile(files.map((file) => `${JSON.stringify({ row: row++, file })}\n`).join(""));
  }
}
