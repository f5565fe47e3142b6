// The format of torch.save before PyTorch 1.6: five pickles in sequence, then the storages.
import { type ByteReader, byteReader } from "../pickle/byte-reader.js";
import { createPickleContext, type PickleContext } from "../pickle/context.js";
import { fillTensors } from "../pickle/pending-tensors.js";
import { unpickle } from "../pickle/unpickler.js";
import { quoted } from "../quoted.js";
import { ITEM_SIZES, type StoredType } from "../types.js";

// The pickle of the number 0x1950a86a20f9469cfc6c, which opens every legacy file.
const MAGIC = Buffer.from("80028a0a6cfc9c46f9206aa850192e", "hex");
const PROTOCOL = 1001;

/** Whether a file's first bytes are those of a legacy PyTorch file. */
export function isLegacyPth(bytes: Uint8Array): boolean {
  return MAGIC.equals(bytes.subarray(0, MAGIC.length));
}

/**
 * The object in a legacy file: after the magic number come the protocol version, facts of the writing machine, the object,
 * the storages' keys, and for each key an element count of 8 bytes and the elements.
 *
 * @throws InputError naming the file where any of these is wrong.
 */
export function readLegacyPth(bytes: Uint8Array, name: string): unknown {
  const reader = byteReader(bytes, name);
  reader.take(MAGIC.length);
  const context = createPickleContext(name, bytes.length);
  const protocol = unpickle(reader, context);
  if (protocol !== PROTOCOL) throw context.refuse(`an unknown legacy protocol version; expected ${PROTOCOL}`);
  const machine = unpickle(reader, context);
  if (!(machine instanceof Map) || machine.get("little_endian") !== true) {
    throw context.refuse("legacy file of a machine that is not little-endian");
  }
  const value = unpickle(reader, context);
  fillTensors(context, readStorages(reader, context));
  return value;
}

function readStorages(reader: ByteReader, context: PickleContext): Map<string, Uint8Array> {
  const keys = unpickle(reader, context);
  if (!Array.isArray(keys)) throw context.refuse("damaged legacy file: no list of storage keys after the object");
  const types = new Map(context.pendingTensors.map(({ storage }) => [storage.key, storage.dtype]));
  return new Map(keys.map((key: unknown) => readStorage(key, types, reader, context)));
}

function readStorage(
  key: unknown,
  types: ReadonlyMap<string, StoredType>,
  reader: ByteReader,
  context: PickleContext,
): [string, Uint8Array] {
  const type = typeof key === "string" ? types.get(key) : undefined;
  if (typeof key !== "string" || type === undefined) {
    throw context.refuse(`damaged legacy file: storage ${quoted(String(key))} belongs to no tensor`);
  }
  return [key, reader.take(reader.uint64() * ITEM_SIZES[type])];
}
