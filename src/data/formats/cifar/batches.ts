// CIFAR's Python form: pickled dictionaries of an array (n, 3072) of pixels and a list of labels.
import { open } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../../errors.js";
import { PickledArray, readPickle } from "../../../torch/serialization/index.js";
import { kindOf, readBytes } from "../../files.js";
import type { Samples } from "../../types.js";
import { type CifarVariant, cifarPixels } from "./variant.js";

const protocolInstruction = 0x80;

/** Whether a file's first byte is that of a pickle; false where it cannot be read. */
export async function beginsAsPickle(path: string): Promise<boolean> {
  const file = await open(path).catch(() => null);
  try {
    const found = await file?.read(Buffer.alloc(1), 0, 1, 0);
    return found?.buffer[0] === protocolInstruction;
  } finally {
    await file?.close();
  }
}

/** The class names in the pickled file of them, where it is there. @throws InputError for another number of names. */
export async function namesInPickle(path: string, { pickles, classes }: CifarVariant): Promise<readonly string[]> {
  const file = join(path, pickles.classes);
  if ((await kindOf(file)) !== "file") return classes;
  const names = (await readDictionary(file)).get(pickles.classesKey);
  if (Array.isArray(names) && names.length === classes.length) return names.map(textOf);
  const received = Array.isArray(names) ? `${names.length} class names` : `no ${pickles.classesKey}`;
  throw new InputError(`${file}: ${received}; expected ${classes.length}`);
}

/** The samples of the files, in their order. @throws InputError for a file that is damaged and a label out of range. */
export async function readBatches(path: string, names: readonly string[], variant: CifarVariant): Promise<Samples> {
  const batches = [];
  for (const name of names) batches.push(await readBatch(join(path, name), variant));
  const count = batches.reduce((sum, { labels }) => sum + labels.length, 0);
  const values = new Uint8Array(count * cifarPixels);
  const labels = new Int32Array(count);
  let i = 0;
  for (const batch of batches) {
    values.set(batch.values, i * cifarPixels);
    labels.set(batch.labels, i);
    i += batch.labels.length;
  }
  return { values, shape: [3, 32, 32], labels };
}

async function readBatch(file: string, { pickles, classes }: CifarVariant) {
  const batch = await readDictionary(file);
  const data = batch.get("data");
  if (!(data instanceof PickledArray) || data.dtype !== "u1" || data.bytes.length % cifarPixels !== 0) {
    const received = data instanceof PickledArray ? `data is ${data.dtype}, (${data.shape.join(", ")})` : "no data";
    throw new InputError(`${file}: ${received}; expected an array of bytes, (n, ${cifarPixels})`);
  }
  const labels = numbersIn(batch.get(pickles.labelsKey));
  const samples = data.bytes.length / cifarPixels;
  if (labels?.length !== samples) {
    const received = labels === null ? `no ${pickles.labelsKey}` : `${labels.length} ${pickles.labelsKey}`;
    throw new InputError(`${file}: ${received} for ${samples} images; expected as many`);
  }
  const wrong = labels.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classes.length));
  if (wrong >= 0) {
    const expected = `expected 0 to ${classes.length - 1}`;
    throw new InputError(`${file}, record ${wrong}: label ${labels[wrong]} is out of range; ${expected}`);
  }
  return { values: data.bytes, labels };
}

async function readDictionary(file: string): Promise<Map<string, unknown>> {
  const value = readPickle(await readBytes(file), file);
  if (!(value instanceof Map))
    throw new InputError(`${file}: holds no dictionary; expected CIFAR's, with data and labels`);
  return new Map([...value].map(([key, item]) => [textOf(key), item]));
}

/** Files that Python 3 has written again name their keys by bytes. */
const textOf = (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : String(value));

/** The numbers of a list, or of an array of integers; null for anything else. */
function numbersIn(value: unknown): readonly number[] | null {
  if (Array.isArray(value)) return value.map(Number);
  if (!(value instanceof PickledArray) || !/^[iu][1248]$/.test(value.dtype) || !value.littleEndian) return null;
  const size = Number(value.dtype.slice(1));
  const bytes = Buffer.from(value.bytes.buffer, value.bytes.byteOffset, value.bytes.length);
  const read = (at: number) => (size === 8 ? Number(bytes.readBigInt64LE(at)) : bytes.readIntLE(at, size));
  return Array.from({ length: value.bytes.length / size }, (_, i) => read(i * size));
}
