// MAT files of level 5, made byte by byte.
import { deflateSync } from "node:zlib";

type Order = "little" | "big";

/** Numbers of 1, 2, 4 or 8 bytes (floats), one after the other. */
function packed(order: Order, width: number, values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(width * values.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const little = order === "little";
  values.forEach((value, i) => {
    if (width === 1) view.setUint8(i, value);
    else if (width === 2) view.setUint16(2 * i, value, little);
    else if (width === 4) view.setUint32(4 * i, value, little);
    else view.setFloat64(8 * i, value, little);
  });
  return bytes;
}

/** A tag, its data and the padding to eight bytes; in the short form where four bytes hold the data and it is asked for. */
function element(order: Order, type: number, data: Buffer, short = false): Buffer {
  if (short) {
    const tag = packed(order, 4, [(data.length << 16) | type]);
    return Buffer.concat([tag, data, Buffer.alloc(4 - data.length)]);
  }
  return Buffer.concat([packed(order, 4, [type, data.length]), data, Buffer.alloc((8 - (data.length % 8)) % 8)]);
}

export interface Variable {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
  /** 9 for uint8, 6 for double. */
  readonly kind?: number;
  /** How values are stored: the type's number and width. */
  readonly stored?: readonly [number, number];
  readonly complex?: boolean;
}

export function matrix(order: Order, { name, shape, values, kind = 9, stored = [2, 1], complex }: Variable): Buffer {
  const [type, width] = stored;
  const data = packed(order, width, values);
  const parts = [
    element(order, 6, packed(order, 4, [kind | (complex ? 0x800 : 0), 0])),
    element(order, 5, packed(order, 4, shape)),
    element(order, 1, Buffer.from(name), name.length <= 4),
    element(order, type, data, data.length > 0 && data.length <= 4),
  ];
  return element(order, 14, Buffer.concat(parts));
}

export function header(order: Order, level = 1): Buffer {
  const text = Buffer.alloc(124, " ");
  text.write("MATLAB 5.0 MAT-file, made by a test");
  return Buffer.concat([text, packed(order, 2, [level << 8, 0x4d49])]);
}

export const compressed = (order: Order, inside: Buffer) => {
  const data = deflateSync(inside);
  return Buffer.concat([packed(order, 4, [15, data.length]), data]);
};

/** A file of these variables, each compressed where `pack` is set. */
export const mat = (variables: readonly Variable[], order: Order = "little", pack = false) =>
  Buffer.concat([
    header(order),
    ...variables.map((variable) => (pack ? compressed(order, matrix(order, variable)) : matrix(order, variable))),
  ]);
