// Writes the weights of a model.
import { open, rename, rm } from "node:fs/promises";
import { extname } from "node:path";
import { InputError } from "../../errors.js";
import { type nn, toStored } from "../../torch/index.js";
import { type StoredDict, writePth, writeSafetensors } from "../../torch/serialization/index.js";

const writers: Readonly<Record<string, (tensors: StoredDict) => Uint8Array>> = {
  ".safetensors": (tensors) => writeSafetensors(tensors),
  ".pth": writePth,
};

/**
 * Writes a model's weights in the format of the suffix (.safetensors or .pth), atomically.
 * @throws InputError for another suffix, and where the file cannot be written.
 */
export async function saveWeights(model: nn.Module, path: string): Promise<void> {
  const write = writers[extname(path)];
  if (write === undefined) {
    throw new InputError(
      `cannot write weights to ${path}; expected a name ending in ${Object.keys(writers).join(" or ")}`,
    );
  }
  await replaceFile(path, write(toStored(model.stateDict())));
}

async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.new`;
  try {
    await writeSynced(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new InputError(`cannot write weights to ${path}: ${(error as Error).message}`);
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
