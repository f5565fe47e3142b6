// Numeric arrays out of MATLAB's MAT files of level 5 (what `save` writes under -v6 and -v7), compressed or not.
// @see https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf
import { constants, inflateSync } from "node:zlib";
import { InputError } from "../../../errors.js";
import { readBytes } from "../../files.js";
import { listed } from "../../listed.js";

/** An array as a MAT file holds it: values in column-major order, the first index running fastest. */
export interface MatArray {
  readonly shape: readonly number[];
  /** The file's own bytes where it stores unsigned bytes, else numbers. */
  readonly values: Uint8Array | Float64Array;
}

/** Bytes of a file and how they are to be read; `file` is for messages. */
interface Source {
  readonly file: string;
  readonly bytes: Buffer;
  readonly littleEndian: boolean;
}

/** A tagged piece of a file: its type, where its data lies, and where the next one begins. */
interface Element {
  readonly type: number;
  readonly start: number;
  readonly size: number;
  readonly next: number;
}

/** What an array's elements say of it before its values. */
interface Header {
  readonly name: string;
  readonly kind: number;
  readonly isComplex: boolean;
  readonly shape: readonly number[];
  /** Where its values' element begins. */
  readonly values: number;
}

const headerSize = 128;
const [matrixType, compressedType, bytesType] = [14, 15, 2] as const;
/** The kinds of array that hold numbers: double, single, and whole numbers of 8 to 64 bits. */
const [firstNumeric, lastNumeric] = [6, 15] as const;
/** An array's name and shape lie well within so many bytes. */
const peeked = 4096;

type ReadNumber = (view: DataView, at: number, littleEndian: boolean) => number;

/** The stored types: the bytes of a value, and how it is read. */
const numberTypes: Readonly<Record<number, readonly [width: number, read: ReadNumber]>> = {
  1: [1, (view, at) => view.getInt8(at)],
  2: [1, (view, at) => view.getUint8(at)],
  3: [2, (view, at, little) => view.getInt16(at, little)],
  4: [2, (view, at, little) => view.getUint16(at, little)],
  5: [4, (view, at, little) => view.getInt32(at, little)],
  6: [4, (view, at, little) => view.getUint32(at, little)],
  7: [4, (view, at, little) => view.getFloat32(at, little)],
  9: [8, (view, at, little) => view.getFloat64(at, little)],
  12: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
  13: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
};

/**
 * The arrays of these names. Others are passed over without being unpacked, and what is unpacked is never more than a header
 * declares.
 *
 * Throws `InputError` on a file that is no MAT file of level 5, that is truncated or damaged, that lacks one of the names,
 * or that holds something else than real numbers under it.
 */
export async function readMat(file: string, names: readonly string[]): Promise<MatArray[]> {
  const bytes = await readBytes(file);
  const source = { file, bytes, littleEndian: byteOrder(file, bytes) };
  const found = new Map<string, MatArray>();
  const seen: string[] = [];
  for (let at = headerSize; at < bytes.length; ) {
    const element = elementAt(source, at);
    const opened = openMatrix(source, element, names);
    if (opened !== null) seen.push(opened.header.name);
    if (opened?.inside && names.includes(opened.header.name)) {
      found.set(opened.header.name, arrayOf(opened.inside, opened.header));
    }
    at = element.next;
  }
  return names.map((name) => {
    const array = found.get(name);
    if (array !== undefined) return array;
    throw new InputError(`${file} has no variable ${name}; it holds ${listed(seen) || "none"}`);
  });
}

/** Whether numbers are little-endian: the last two bytes of the file's header are "MI" as its writer had them in memory. */
function byteOrder(file: string, bytes: Buffer): boolean {
  const mark = bytes.toString("latin1", headerSize - 2, headerSize);
  const littleEndian = mark === "IM";
  const level = bytes.length < headerSize ? 0 : bytes[littleEndian ? headerSize - 3 : headerSize - 4];
  if (["IM", "MI"].includes(mark) && level === 1) return littleEndian;
  const newer = level === 2 ? "; this one is of version 7.3, which save(..., '-v7') turns into one of level 5" : "";
  throw new InputError(`${file} (${bytes.length} bytes) does not begin as a MAT file of level 5 does${newer}`);
}

/** The element at a place. Small ones keep size, type and up to four bytes of data in the eight of a tag. */
function elementAt(source: Source, at: number): Element {
  const { bytes, littleEndian } = source;
  if (at + 8 > bytes.length) throw damaged(source, `it ends within a tag at byte ${at}`);
  const word = (place: number) => (littleEndian ? bytes.readUInt32LE(place) : bytes.readUInt32BE(place));
  const first = word(at);
  const small = first >>> 16;
  if (small > 4) throw damaged(source, `a small element of ${small} bytes at byte ${at}`);
  if (small > 0) return { type: first & 0xffff, start: at + 4, size: small, next: at + 8 };
  const [type, size] = [first, word(at + 4)];
  const padding = type === compressedType ? 0 : (8 - (size % 8)) % 8;
  return { type, start: at + 8, size, next: at + 8 + size + padding };
}

/** The header of the array in an element, and its inside where its name is requested; null for what is no array. */
function openMatrix(source: Source, element: Element, names: readonly string[]) {
  const data = { ...source, bytes: dataOf(source, element) };
  if (element.type === matrixType) return { header: headerOf(data), inside: data };
  if (element.type !== compressedType) return null;
  const peek = { ...data, bytes: inflated(data, Math.min(peeked, data.bytes.length), null) };
  const { type, start, size } = elementAt(peek, 0);
  if (type !== matrixType) return null;
  const header = headerOf({ ...peek, bytes: peek.bytes.subarray(start) });
  if (!names.includes(header.name)) return { header, inside: null };
  const whole = inflated(data, data.bytes.length, start + size);
  return { header, inside: { ...source, bytes: whole.subarray(start) } };
}

/** The first `length` compressed bytes unpacked; `size` is what all of them have to come to. */
function inflated(source: Source, length: number, size: number | null): Buffer {
  const options = size === null ? { finishFlush: constants.Z_SYNC_FLUSH } : { maxOutputLength: Math.max(size, 1) };
  let result: Buffer;
  try {
    result = inflateSync(source.bytes.subarray(0, length), { ...options, chunkSize: 2 ** 16 });
  } catch (error) {
    throw damaged(source, `a compressed variable cannot be unpacked (${(error as Error).message})`);
  }
  if (size === null || result.length === size) return result;
  throw damaged(source, `a compressed variable has ${result.length} bytes; its tag says ${size}`);
}

function dataOf(source: Source, { start, size }: Element): Buffer {
  if (start + size > source.bytes.length) {
    throw damaged(source, `it ends at byte ${source.bytes.length}, within ${size} bytes of data from byte ${start}`);
  }
  return source.bytes.subarray(start, start + size);
}

/** An array begins with its flags, its shape and its name. */
function headerOf(source: Source): Header {
  const flags = elementAt(source, 0);
  const shape = elementAt(source, flags.next);
  const name = elementAt(source, shape.next);
  if (flags.size !== 8 || shape.size % 4 !== 0) throw damaged(source, "an array's flags or shape have a wrong size");
  const words = numbersOf(source, flags);
  return {
    name: dataOf(source, name).toString("latin1"),
    kind: (words[0] as number) & 0xff,
    isComplex: ((words[0] as number) & 0x800) !== 0,
    shape: Array.from(numbersOf(source, shape)),
    values: name.next,
  };
}

function arrayOf(source: Source, { name, kind, isComplex, shape, values: at }: Header): MatArray {
  if (kind < firstNumeric || kind > lastNumeric || isComplex) {
    const found = isComplex ? "complex numbers" : `an array of kind ${kind}`;
    throw new InputError(`${source.file}: the variable ${name} holds ${found}; expected real numbers`);
  }
  const element = elementAt(source, at);
  const values = element.type === bytesType ? dataOf(source, element) : numbersOf(source, element);
  const count = shape.reduce((product, side) => product * side, 1);
  if (values.length === count) return { shape, values };
  throw damaged(source, `the variable ${name} has ${values.length} values; its shape is ${shape.join(" x ")}`);
}

function numbersOf(source: Source, element: Element): Float64Array {
  const bytes = dataOf(source, element);
  const [width, read] = numberTypes[element.type] ?? [1, null];
  if (read === null) throw damaged(source, `numbers of the unknown type ${element.type}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Float64Array.from({ length: Math.floor(bytes.length / width) }, (_, i) =>
    read(view, i * width, source.littleEndian),
  );
}

function damaged({ file }: Source, what: string): InputError {
  return new InputError(`${file} is truncated or damaged: ${what}`);
}
