// The header of a .npy file, for what npyjs leaves out: the other byte order, and text.

export interface NpyHeader {
  /** Such as `<f4`, `>i8`, `|S5`, `<U12`. */
  readonly descr: string;
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly bodyAt: number;
}

/** The header; null for what is no `.npy` file. @see NumPy Enhancement Proposal 1 */
export function npyHeader(bytes: Uint8Array): NpyHeader | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < 12 || file.toString("latin1", 0, 6) !== "\x93NUMPY") return null;
  const isVersion1 = file[6] === 1;
  const bodyAt = isVersion1 ? 10 + file.readUInt16LE(8) : 12 + file.readUInt32LE(8);
  const text = file.toString("latin1", isVersion1 ? 10 : 12, bodyAt);
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(text)?.[1];
  if (descr === undefined || shape === undefined) return null;
  const sides = shape.split(",").filter((side) => side.trim() !== "");
  return { descr, shape: sides.map(Number), bodyAt };
}

/** The file in little-endian byte order, which is all that npyjs reads; itself where it is, or is no `.npy` file. */
export function toLittleEndian(bytes: Uint8Array): Uint8Array {
  const header = npyHeader(bytes);
  const size = Number(/^>[iufb](\d+)$/.exec(header?.descr ?? "")?.[1]);
  if (header === null || Number.isNaN(size)) return bytes;
  const file = Buffer.from(bytes);
  file[file.indexOf(`'${header.descr}'`) + 1] = "<".charCodeAt(0);
  const body = file.subarray(header.bodyAt, header.bodyAt + size * Math.floor((file.length - header.bodyAt) / size));
  if (size === 2) body.swap16();
  if (size === 4) body.swap32();
  if (size === 8) body.swap64();
  return file;
}
