// Reads little-endian values in sequence, and refuses truncated files.
import { InputError } from "../../../errors.js";

export interface ByteReader {
  readonly offset: () => number;
  readonly uint8: () => number;
  readonly uint16: () => number;
  readonly uint32: () => number;
  readonly int32: () => number;
  /** Unsigned 64 bits; a count beyond 2^53 is inexact, and beyond the size of any file. */
  readonly uint64: () => number;
  readonly bigEndianFloat64: () => number;
  /** The next `count` bytes, as a view. */
  readonly take: (count: number) => Uint8Array;
  /** The bytes before the next newline, which is consumed. */
  readonly line: () => Uint8Array;
}

/** A reader from the start of `bytes`; every method throws `InputError` naming the file where too few bytes are left. */
export function byteReader(bytes: Uint8Array, name: string): ByteReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 0;

  function advance(count: number): number {
    if (count > bytes.length - position) {
      throw new InputError(
        `${name}: truncated: byte ${position} starts a value of ${count} bytes, but the file part ends at ${bytes.length}`,
      );
    }
    position += count;
    return position - count;
  }

  function line(): Uint8Array {
    const end = bytes.indexOf(0x0a, position);
    if (end < 0) throw new InputError(`${name}: truncated: the line that starts at byte ${position} has no end`);
    const start = advance(end + 1 - position);
    return bytes.subarray(start, end);
  }

  return {
    offset: () => position,
    uint8: () => view.getUint8(advance(1)),
    uint16: () => view.getUint16(advance(2), true),
    uint32: () => view.getUint32(advance(4), true),
    int32: () => view.getInt32(advance(4), true),
    uint64: () => Number(view.getBigUint64(advance(8), true)),
    bigEndianFloat64: () => view.getFloat64(advance(8), false),
    // Not subarray: of a Buffer that would make Buffers, whose slice() does not copy.
    take: (count) => new Uint8Array(bytes.buffer, bytes.byteOffset + advance(count), count),
    line,
  };
}
