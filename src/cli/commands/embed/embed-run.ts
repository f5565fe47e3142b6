// Runs `embed`: opens the run, and writes each batch of rows as it is computed.
import { type FileHandle, open } from "node:fs/promises";
import { writeFilesAtomic } from "../../../atomic-files.js";
import { createNpyRows, type NpyRows } from "../../../data/index.js";
import { InputError } from "../../../errors.js";
import { openEmbedder } from "../../../inference/embedder.js";
import { gatherEmbedded } from "../../../inference/gather-embedded.js";
import { type EmbeddedFiles, embedFiles, listInputs } from "../../../inference/index.js";
import { option } from "../../../options/index.js";
import type { distributed } from "../../../torch/index.js";
import { inRanks } from "../../shared/open-ranks.js";
import { alignedRows, log, printResult } from "../../shared/output.js";
import type { EmbedOptions } from "./embed-options.js";

/**
 * Embeds the inputs in their order, in constant memory; both files appear when they are complete. Several processes take the
 * batches in turn; the first one writes.
 * @throws InputError for a run, an input or an output that cannot be used, or when no input could be decoded.
 */
export async function embed(run: string, inputs: readonly string[], options: EmbedOptions): Promise<void> {
  await inRanks(options, (group) => embedInRanks(run, inputs, options, group));
}

async function embedInRanks(
  run: string,
  inputs: readonly string[],
  options: EmbedOptions,
  group: distributed.ProcessGroup,
): Promise<void> {
  if (group.world > 1 && inputs.includes("-")) {
    throw new InputError(`a list on standard input is for one process; received ${group.world} processes`);
  }
  const list = await listFor(options.out);
  const paths = await listInputs(inputs, process.stdin);
  const embedder = openEmbedder(run, options);
  try {
    const batches = gatherEmbedded(group, embedFiles(embedder, paths, options, group));
    if (group.rank === 0) await writeEmbeddings(batches, embedder.embeddingSize, list, options);
    else for await (const _ of batches);
    await group.barrier();
  } finally {
    embedder.close();
  }
}

/** How a list of the files of embeddings begins. */
const beginning = `{"row":0,"file":`;

/** The list of files next to the embeddings. @throws InputError where a file of that name is something else, such as a manifest. */
async function listFor(out: string): Promise<string> {
  const list = `${out.slice(0, -".npy".length)}.jsonl`;
  const file = await open(list).catch(() => null);
  if (file === null) return list;
  const { buffer } = await file.read(Buffer.alloc(beginning.length)).finally(() => file.close());
  if (buffer.toString() === beginning) return list;
  throw new InputError(`${list} exists and lists no embeddings; expected another ${option("out")}`);
}

async function writeEmbeddings(
  batches: AsyncIterable<EmbeddedFiles>,
  size: number,
  list: string,
  options: EmbedOptions,
) {
  const { out, normalize: normalized, json } = options;
  const rows = await writeFilesAtomic([out, list], async (features, names) => {
    const written = await writeRows(batches, size, features, names);
    if (written === 0) throw new InputError("no input could be decoded; expected at least one image or array");
    return written;
  });
  printResult(json, { rows, size, out, files: list, normalized }, [
    ...alignedRows([
      ["embeddings", `${out}: float32 (${rows}, ${size})${normalized ? ", rows of length 1" : ""}`],
      ["files", `${list}: the file of each row`],
    ]),
  ]);
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
