// Writes the weights of a model.
import { extname } from "node:path";
import { writeFileAtomic } from "../../atomic-files.js";
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
  writeFileAtomic(path, write(toStored(model.stateDict())));
}
