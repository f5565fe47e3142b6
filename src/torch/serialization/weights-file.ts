// Weights from a file of any known format, recognized by its contents, not by its name.
import { readFile } from "node:fs/promises";
import { InputError } from "../../errors.js";
import { isPth, readPthStateDict } from "./pth/pth.js";
import { isSafetensors, readSafetensors } from "./safetensors.js";
import type { StoredDict } from "./types.js";

/**
 * The tensors of a safetensors file, or of the state dictionary in a PyTorch file (zip or legacy).
 *
 * @throws InputError naming the file where it cannot be read, is of no known format or is damaged.
 */
export async function readWeightsFile(path: string): Promise<StoredDict> {
  return parseWeights(await readBytes(path), path);
}

/** As `readWeightsFile`, of bytes already in memory; `name` is for messages. */
export function parseWeights(bytes: Uint8Array, name: string): StoredDict {
  if (bytes.length === 0) throw new InputError(`${name}: the file is empty; expected safetensors or a PyTorch file`);
  if (isPth(bytes)) return readPthStateDict(bytes, name);
  if (isSafetensors(bytes)) return readSafetensors(bytes, name).tensors;
  const start = Buffer.from(bytes.subarray(0, 8)).toString("hex");
  throw new InputError(`${name}: starts with bytes ${start}; expected safetensors or a PyTorch file (.pth, .pt, .tar)`);
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`cannot read weights from ${path}: ${reason}`);
  }
}
