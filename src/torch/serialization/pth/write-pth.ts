// Writes a state dictionary as torch.save does, so that torch.load reads it, also with weights_only=True.
import { type Zippable, zipSync } from "fflate";
import { InputError } from "../../../errors.js";
import { STORAGE_CLASSES } from "../pickle/storage-types.js";
import { type PickleWriter, pickleWriter } from "../pickle/writer.js";
import { quoted } from "../quoted.js";
import { elementCount, ITEM_SIZES, type StoredDict, type StoredTensor } from "../types.js";

const FOLDER = "archive";
const FORMAT_VERSION = "3\n";
// Without zip64, which the zip library does not write, offsets in an archive have 32 bits.
const LARGEST_ARCHIVE = 2 ** 32 - 1;
const LARGEST_COUNT = 65_535;
// The earliest date that zip has, so that the same tensors always make the same file.
const MODIFIED = new Date(1980, 0, 1);

/**
 * A PyTorch file (zip format) with the tensors as an `OrderedDict`, in order; the same tensors give the same bytes.
 *
 * @throws InputError where a tensor's bytes do not fit its shape and type, or all of them are too many for a zip archive.
 */
export function writePth(tensors: StoredDict): Uint8Array {
  for (const [key, tensor] of tensors) requireMatchingSize(key, tensor);
  requireZippable(tensors);
  const records: Zippable = {
    [`${FOLDER}/data.pkl`]: pickleTensors(tensors),
    [`${FOLDER}/byteorder`]: Buffer.from("little"),
  };
  for (const [index, { bytes }] of [...tensors.values()].entries()) records[`${FOLDER}/data/${index}`] = bytes;
  records[`${FOLDER}/version`] = Buffer.from(FORMAT_VERSION);
  return zipSync(records, { level: 0, mtime: MODIFIED });
}

function pickleTensors(tensors: StoredDict): Uint8Array {
  const pickle = pickleWriter();
  writeEmptyOrderedDict(pickle);
  pickle.setItems(() => {
    for (const [index, [key, tensor]] of [...tensors].entries()) {
      pickle.text(key);
      writeTensor(pickle, tensor, String(index));
    }
  });
  return pickle.finish();
}

/** `_rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, backward_hooks)`. */
function writeTensor(pickle: PickleWriter, tensor: StoredTensor, storageKey: string): void {
  pickle.global("torch._utils", "_rebuild_tensor_v2");
  pickle.tuple(() => {
    writeStorage(pickle, tensor, storageKey);
    pickle.integer(0);
    pickle.tuple(() => tensor.shape.forEach(pickle.integer));
    pickle.tuple(() => rowMajorStrides(tensor.shape).forEach(pickle.integer));
    pickle.falsehood();
    writeEmptyOrderedDict(pickle);
  });
  pickle.call();
}

function writeStorage(pickle: PickleWriter, { dtype, shape }: StoredTensor, key: string): void {
  pickle.tuple(() => {
    pickle.text("storage");
    pickle.global("torch", STORAGE_CLASSES[dtype]);
    pickle.text(key);
    pickle.text("cpu");
    pickle.integer(elementCount(shape));
  });
  pickle.persistent();
}

function writeEmptyOrderedDict(pickle: PickleWriter): void {
  pickle.global("collections", "OrderedDict");
  pickle.tuple(() => {});
  pickle.call();
}

function rowMajorStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1).map((size) => Math.max(size, 1))));
}

function requireMatchingSize(key: string, { dtype, shape, bytes }: StoredTensor): void {
  const expected = elementCount(shape) * ITEM_SIZES[dtype];
  if (bytes.length === expected) return;
  const described = `tensor ${quoted(key)} (${dtype}, shape [${shape.join(", ")}])`;
  throw new InputError(`${described} has ${bytes.length} bytes; expected ${expected}`);
}

function requireZippable(tensors: StoredDict): void {
  const bytes = [...tensors].reduce((sum, [key, tensor]) => sum + tensor.bytes.length + key.length * 4 + 1024, 0);
  if (bytes < LARGEST_ARCHIVE && tensors.size + 3 <= LARGEST_COUNT) return;
  throw new InputError(
    `${tensors.size} tensors of ${bytes} bytes are too many for a .pth file of 4 GiB; write safetensors`,
  );
}
