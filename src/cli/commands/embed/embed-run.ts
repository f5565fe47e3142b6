// What `embed` does: opens the run, and writes each batch of rows as it is embedded.
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { createNpyRows, type NpyRows } from "../../../data/index.js";
import { InputError } from "../../../errors.js";
import { openEmbedder } from "../../../inference/embedder.js";
import { type EmbeddedFiles, embedFiles, listInputs } from "../../../inference/index.js";
import { alignedRows, log, printResult } from "../../shared/output.js";
import type { SharedOptions } from "../../shared/shared-options.js";

export interface EmbedFlags extends SharedOptions {
  readonly out: string;
  readonly checkpoint: string;
  readonly normalize: boolean;
  readonly batchSize: number;
  readonly strict: boolean;
  readonly device: string;
}

/** Where things go until they are whole. */
const beside = (path: string) => `${path}.writing`;

/**
 * Embeds the inputs in their order, in constant memory; both files are put in their place when they are whole.
 * @throws InputError for a run, an input or an output that cannot be used, or when no input could be decoded.
 */
export async function embedAndTell(run: string, words: readonly string[], flags: EmbedFlags): Promise<void> {
  const { out } = flags;
  if (!out.toLowerCase().endsWith(".npy")) throw new InputError(`--out: received "${out}"; expected a name with .npy`);
  const list = `${out.slice(0, -".npy".length)}.jsonl`;
  const paths = await listInputs(words, process.stdin);
  const embedder = openEmbedder(run, flags);
  try {
    const rows = await writing(out, async () => {
      const written = await writeRows(embedFiles(embedder, paths, flags), embedder.embeddingSize, out, list);
      if (written === 0) throw new InputError("no input could be decoded; expected at least one image or array");
      await rename(beside(list), list);
      await rename(beside(out), out);
      return written;
    });
    const result = { rows, size: embedder.embeddingSize, out, files: list, normalized: flags.normalize };
    printResult(flags.json, result, [
      ...alignedRows([
        ["features", `${out}: float32 (${rows}, ${result.size})${flags.normalize ? ", rows of length 1" : ""}`],
        ["files", `${list}: which file each row is of`],
      ]),
    ]);
  } finally {
    embedder.close();
    await Promise.all([out, list].map((path) => rm(beside(path), { force: true })));
  }
}

async function writeRows(
  batches: AsyncIterable<EmbeddedFiles>,
  size: number,
  out: string,
  list: string,
): Promise<number> {
  const features = await createNpyRows(beside(out), size);
  try {
    const names = await open(beside(list), "w");
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

/** Runs a writing action; what the disk refuses becomes an `InputError` naming the path. */
async function writing<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const { code, message, syscall } = error as NodeJS.ErrnoException;
    throw code === undefined || syscall === undefined ? error : new InputError(`cannot write ${path}: ${message}`);
  }
}
