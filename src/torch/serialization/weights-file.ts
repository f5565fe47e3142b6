// Weights from a file of any known format, recognized by its contents, not by its name.
import { readFile } from "node:fs/promises";
import { InputError } from "../../errors.js";
import { isPth, locatePthWeights } from "./pth/pth.js";
import { isSafetensors, readSafetensors } from "./safetensors.js";
import type { LocatedWeights } from "./state-dict.js";
import type { StoredDict } from "./types.js";

/**
 * The tensors of a safetensors file, or of the state dictionary in a PyTorch file (zip or legacy).
 *
 * @throws InputError naming the file where it cannot be read, is of no known format or is damaged.
 */
export async function readWeightsFile(path: string): Promise<StoredDict> {
  return (await openWeightsFile(path)).tensors;
}

/** As `readWeightsFile`, with the entry of the file that the tensors come from. */
export async function openWeightsFile(path: string): Promise<LocatedWeights> {
  return parseWeights(await readBytes(path), path);
}

/** As `openWeightsFile`, of bytes already in memory; `name` is for messages. */
export function parseWeights(bytes: Uint8Array, name: string): LocatedWeights {
  if (bytes.length === 0) throw new InputError(`${name}: the file is empty; expected safetensors or a PyTorch file`);
  if (isPth(bytes)) return locatePthWeights(bytes, name);
  if (isSafetensors(bytes)) return { tensors: readSafetensors(bytes, name).tensors, entry: "" };
  const start = Buffer.from(bytes.subarray(0, 8)).toString("hex");
  throw new InputError(
    `${name}: starts with bytes ${start}; expected safetensors or a PyTorch file (.pth, .pt, .ckpt, .tar)`,
  );
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`cannot read weights from ${path}: ${reason}`);
  }
}
