// The safetensors format: an 8-byte header length, a JSON header, then the tensors' bytes without holes.
import { z } from "zod";
import { InputError } from "../../errors.js";
import { quoted } from "./quoted.js";
import { elementCount, ITEM_SIZES, type StoredDict, type StoredTensor, type StoredType } from "./types.js";

/** The contents of a safetensors file: its tensors, as views of the file's bytes, and its metadata. */
export interface Safetensors {
  readonly tensors: StoredDict;
  readonly metadata: Record<string, string>;
}

const FORMAT_NAMES = {
  float64: "F64",
  float32: "F32",
  float16: "F16",
  bfloat16: "BF16",
  int64: "I64",
  int32: "I32",
  int16: "I16",
  int8: "I8",
  uint8: "U8",
  bool: "BOOL",
} as const satisfies Record<StoredType, string>;

const STORED_TYPES = new Map<string, StoredType>(
  Object.entries(FORMAT_NAMES).map(([type, formatName]) => [formatName, type as StoredType]),
);

const PREFIX = 8;
const HEADER_LIMIT = 100_000_000;
const METADATA_KEY = "__metadata__";

const metadataSchema = z.record(z.string(), z.string());
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
type Entry = z.infer<typeof entrySchema>;

/**
 * Reads a safetensors file; the tensors are views of `bytes`, in the header's order.
 *
 * @throws InputError naming the file where the header or a tensor's type, shape or offset is wrong.
 * @see https://github.com/huggingface/safetensors#format
 */
export function readSafetensors(bytes: Uint8Array, name: string): Safetensors {
  const { header, data } = splitHeader(bytes, name);
  const { [METADATA_KEY]: rawMetadata, ...rest } = header;
  const metadata = metadataSchema.safeParse(rawMetadata ?? {});
  if (!metadata.success) throw new InputError(`${name}: "${METADATA_KEY}" must map strings to strings`);
  const entries = Object.entries(rest).map(([key, value]) => [key, parseEntry(key, value, name)] as const);
  checkTiling(entries, data.length, name);
  const tensors = new Map(entries.map(([key, entry]) => [key, toTensor(key, entry, data, name)]));
  return { tensors, metadata: metadata.data };
}

/**
 * Writes tensors and metadata as a safetensors file.
 *
 * The header keeps the dictionary's order; the data goes by falling element size, so that every tensor is aligned.
 *
 * @throws InputError where a tensor's bytes do not fit its shape and type, or its name is the reserved one.
 */
export function writeSafetensors(tensors: StoredDict, metadata: Record<string, string> = {}): Uint8Array {
  for (const [key, tensor] of tensors) checkTensor(key, tensor);
  const placed = [...tensors].sort(([, a], [, b]) => ITEM_SIZES[b.dtype] - ITEM_SIZES[a.dtype]);
  const starts = new Map<string, number>();
  let size = 0;
  for (const [key, { bytes }] of placed) {
    starts.set(key, size);
    size += bytes.length;
  }
  const header = encodeHeader(tensors, starts, metadata);
  const file = new Uint8Array(PREFIX + header.length + size);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, PREFIX);
  for (const [key, { bytes }] of placed) file.set(bytes, PREFIX + header.length + starts.get(key)!);
  return file;
}

/** Whether a file's first bytes are those of a safetensors file: a plausible header length, then an opening brace. */
export function isSafetensors(bytes: Uint8Array): boolean {
  return bytes.length > PREFIX && bytes[PREFIX] === 0x7b && headerLength(bytes) <= HEADER_LIMIT;
}

function headerLength(bytes: Uint8Array): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset, PREFIX).getBigUint64(0, true));
}

function splitHeader(bytes: Uint8Array, name: string): { header: Record<string, unknown>; data: Uint8Array } {
  if (bytes.length < PREFIX) {
    throw new InputError(
      `${name}: ${bytes.length} bytes are too few for a safetensors file; expected at least ${PREFIX}`,
    );
  }
  const length = headerLength(bytes);
  const available = Math.min(bytes.length - PREFIX, HEADER_LIMIT);
  if (length > available) {
    throw new InputError(
      `${name}: header length ${length} in a file of ${bytes.length} bytes; expected at most ${available}`,
    );
  }
  const header = parseHeader(bytes.subarray(PREFIX, PREFIX + length), name);
  // Not subarray: of a Buffer that would make Buffers, whose slice() does not copy.
  const data = new Uint8Array(bytes.buffer, bytes.byteOffset + PREFIX + length, bytes.length - PREFIX - length);
  return { header, data };
}

function parseHeader(bytes: Uint8Array, name: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof header === "object" && header !== null && !Array.isArray(header))
      return header as Record<string, unknown>;
  } catch {
    // Falls through to the one message for every malformed header.
  }
  throw new InputError(`${name}: the header of ${bytes.length} bytes is not a JSON object`);
}

function parseEntry(key: string, value: unknown, name: string): Entry {
  const entry = entrySchema.safeParse(value);
  if (entry.success) return entry.data;
  const expected = "expected a dtype, a shape and two data_offsets, of whole numbers from 0";
  throw new InputError(`${name}: malformed header entry of ${quoted(key)}; ${expected}`);
}

function checkTiling(entries: readonly (readonly [string, Entry])[], size: number, name: string): void {
  const sorted = [...entries].sort(([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1]);
  let end = 0;
  for (const [key, { data_offsets: offsets }] of sorted) {
    const [start, stop] = offsets;
    if (start !== end || stop < start || stop > size) {
      const expected = `expected to start at ${end}, where the one before ends, and to end by ${size}`;
      throw new InputError(`${name}: tensor ${quoted(key)} lies at bytes ${start} to ${stop}; ${expected}`);
    }
    end = stop;
  }
  if (end !== size) throw new InputError(`${name}: the tensors take ${end} bytes, but ${size} follow the header`);
}

function toTensor(key: string, entry: Entry, data: Uint8Array, name: string): StoredTensor {
  const dtype = STORED_TYPES.get(entry.dtype);
  if (dtype === undefined) {
    const expected = [...STORED_TYPES.keys()].join(", ");
    throw new InputError(
      `${name}: tensor ${quoted(key)} has dtype ${quoted(entry.dtype)}; expected one of ${expected}`,
    );
  }
  const tensor = { dtype, shape: entry.shape, bytes: data.subarray(...entry.data_offsets) };
  checkSize(key, tensor, name);
  return tensor;
}

function checkTensor(key: string, tensor: StoredTensor): void {
  if (key === METADATA_KEY) throw new InputError(`a tensor cannot be named "${METADATA_KEY}" in a safetensors file`);
  checkSize(key, tensor, "safetensors");
}

function checkSize(key: string, { dtype, shape, bytes }: StoredTensor, name: string): void {
  const expected = elementCount(shape) * ITEM_SIZES[dtype];
  if (bytes.length === expected) return;
  const described = `tensor ${quoted(key)} (${dtype}, shape [${shape.slice(0, 8).join(", ")}])`;
  throw new InputError(`${name}: ${described} has ${bytes.length} bytes; expected ${expected}`);
}

function encodeHeader(tensors: StoredDict, starts: Map<string, number>, metadata: Record<string, string>): Uint8Array {
  const entries = [...tensors].map(([key, { dtype, shape, bytes }]) => {
    const start = starts.get(key)!;
    return [key, { dtype: FORMAT_NAMES[dtype], shape, data_offsets: [start, start + bytes.length] }] as const;
  });
  const metadataEntries = Object.keys(metadata).length > 0 ? [[METADATA_KEY, metadata] as const] : [];
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries([...metadataEntries, ...entries])));
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20);
  padded.set(text);
  return padded;
}
