// PyTorch's files (.pth, .pt, .tar), in the zip format of PyTorch 1.6 and later and in the legacy format.
import { InputError } from "../../../errors.js";
import { byteReader } from "../pickle/byte-reader.js";
import { createPickleContext } from "../pickle/context.js";
import { fillTensors } from "../pickle/pending-tensors.js";
import { unpickle } from "../pickle/unpickler.js";
import { type LocatedWeights, locateStateDict } from "../state-dict.js";
import type { StoredDict } from "../types.js";
import { isLegacyPth, readLegacyPth } from "./legacy-pth.js";
import { readZipRecords } from "./zip-records.js";

const ZIP_SIGNATURE = [0x50, 0x4b, 0x03, 0x04];
const PICKLE_RECORD = "data.pkl";
const PICKLE_PATH = /^(?:[^/]*\/)?data\.pkl$/;
const READ_RECORDS = /^(?:[^/]*\/)?(?:data\.pkl|byteorder|data\/[^/]+)$/;

/**
 * The contents of a PyTorch file, without executing anything in it: dictionaries are Maps, lists and tuples arrays, None null,
 * tensors and Parameters `StoredTensor`s, dtypes and devices text. Structures may be shared, and even contain themselves.
 *
 * @throws InputError naming the file where it is damaged, or refers to anything but tensors and plain values.
 * @see https://pytorch.org/docs/stable/notes/serialization.html
 */
export function readPth(bytes: Uint8Array, name: string): { readonly value: unknown } {
  if (isZip(bytes)) return { value: readZipPth(bytes, name) };
  if (isLegacyPth(bytes)) return { value: readLegacyPth(bytes, name) };
  throw new InputError(`${name}: not a PyTorch file; expected a zip archive or a legacy file written by torch.save`);
}

/**
 * The state dictionary of a PyTorch file: its top level or, below that, an entry such as `state_dict`, `model` or `model_ema`,
 * without the `module.` that data-parallel training puts before every name.
 *
 * @throws InputError as `readPth` does, and where the file holds no dictionary of tensors.
 */
export function readPthStateDict(bytes: Uint8Array, name: string): StoredDict {
  return locatePthWeights(bytes, name).tensors;
}

/** As `readPthStateDict`, with the entry that the tensors come from. */
export function locatePthWeights(bytes: Uint8Array, name: string): LocatedWeights {
  return locateStateDict(readPth(bytes, name).value, name);
}

/** Whether a file's first bytes are those of a PyTorch file in either form. */
export function isPth(bytes: Uint8Array): boolean {
  return isZip(bytes) || isLegacyPth(bytes);
}

function isZip(bytes: Uint8Array): boolean {
  return ZIP_SIGNATURE.every((value, index) => bytes[index] === value);
}

function readZipPth(bytes: Uint8Array, name: string): unknown {
  const records = readZipRecords(bytes, name, (path) => READ_RECORDS.test(path));
  const picklePath = [...records.keys()].find((path) => PICKLE_PATH.test(path));
  if (picklePath === undefined) throw new InputError(`${name}: a zip archive without the record "${PICKLE_RECORD}"`);
  const folder = picklePath.slice(0, -PICKLE_RECORD.length);
  requireLittleEndian(records.get(`${folder}byteorder`), name);

  const context = createPickleContext(name, bytes.length);
  const value = unpickle(byteReader(records.get(picklePath)!, name), context);
  fillTensors(context, storagesIn(`${folder}data/`, records));
  return value;
}

function requireLittleEndian(record: Uint8Array | undefined, name: string): void {
  const order = record === undefined ? "little" : Buffer.from(record.subarray(0, 16)).toString("latin1").trim();
  if (order !== "little") throw new InputError(`${name}: byte order ${JSON.stringify(order)}; expected "little"`);
}

function storagesIn(folder: string, records: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  const inside = [...records].filter(([path]) => path.startsWith(folder));
  return new Map(inside.map(([path, bytes]) => [path.slice(folder.length), bytes]));
}
