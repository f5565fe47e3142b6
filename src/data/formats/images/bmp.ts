// Windows bitmaps, which sharp does not read: all that are not compressed, of 1 to 32 bits a pixel.
// @see https://learn.microsoft.com/windows/win32/gdi/bitmap-storage

/** Pixels (height, width, channels): 3 channels, or 4 where the file defines transparency. */
export interface DecodedBmp {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

interface Header {
  readonly width: number;
  readonly height: number;
  /** Rows are stored from the bottom up unless the height is negative. */
  readonly topDown: boolean;
  readonly bits: number;
  /** Where the palette, and where the pixels begin. */
  readonly paletteAt: number;
  readonly pixelsAt: number;
  /** Bytes of a palette entry: blue, green, red and, but for OS/2's, one unused. */
  readonly entryBytes: number;
  /** The bits of red, green, blue and alpha in a pixel of 16 or 32 bits; 0 for no alpha. */
  readonly masks: readonly number[];
}

type Paint = (out: Uint8Array, to: number, row: number, x: number) => void;

const coreHeader = 12;
const infoHeader = 40;
const [uncompressed, bitFields, alphaBitFields] = [0, 3, 6];
const defaultMasks: Readonly<Record<number, readonly number[]>> = {
  16: [0x7c00, 0x3e0, 0x1f, 0],
  32: [0xff0000, 0xff00, 0xff, 0],
};
/** As sharp's own limit. */
const mostPixels = 0x3fff ** 2;

/** Whether bytes begin as a bitmap does: its mark, and a header of a known size. */
export function isBmp(bytes: Uint8Array): boolean {
  return (
    bytes[0] === 0x42 && bytes[1] === 0x4d && bytes.length >= 18 && (bytes[14] ?? 0) >= coreHeader && bytes[15] === 0
  );
}

/** Decodes a bitmap. Throws an `Error` on one that is compressed, truncated, damaged, or of more than `limit` pixels. */
export function decodeBmp(bytes: Uint8Array, limit = mostPixels): DecodedBmp {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(file);
  const { width, height, bits, topDown, pixelsAt } = header;
  if (width < 1 || height < 1) throw new Error(`the bitmap is damaged: ${width} x ${height} pixels`);
  if (width * height > limit) throw new Error("Input image exceeds pixel limit");
  const stride = 4 * Math.ceil((bits * width) / 32);
  if (pixelsAt + stride * height > file.length) throw new Error("the bitmap is truncated");
  const channels = header.masks[3] === 0 ? 3 : 4;
  const data = new Uint8Array(width * height * channels);
  const paint = painter(file, header, channels);
  for (let y = 0, to = 0; y < height; y++) {
    const row = pixelsAt + stride * (topDown ? y : height - 1 - y);
    for (let x = 0; x < width; x++, to += channels) paint(data, to, row, x);
  }
  return { data, width, height, channels };
}

function readHeader(file: Buffer): Header {
  const size = file.length < 18 ? 0 : file.readUInt32LE(14);
  if (size !== coreHeader && size < infoHeader)
    throw new Error("the bitmap is damaged: its header is of no known kind");
  if (file.length < 14 + size) throw new Error("the bitmap is truncated");
  const pixelsAt = file.readUInt32LE(10);
  const isCore = size === coreHeader;
  const bits = file.readUInt16LE(isCore ? 24 : 28);
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw new Error(`bitmaps of ${bits} bits a pixel are not supported`);
  if (isCore) {
    const [width, height] = [file.readUInt16LE(18), file.readUInt16LE(20)];
    return { width, height, topDown: false, bits, paletteAt: 26, pixelsAt, entryBytes: 3, masks: [0, 0, 0, 0] };
  }
  const compression = file.readUInt32LE(30);
  const hasMasks = compression === bitFields || compression === alphaBitFields;
  if (compression !== uncompressed && !hasMasks) {
    throw new Error("compressed bitmaps (RLE) are not supported; expected an uncompressed one, PNG or JPEG");
  }
  const height = file.readInt32LE(22);
  return {
    width: file.readInt32LE(18),
    height: Math.abs(height),
    topDown: height < 0,
    bits,
    paletteAt: 14 + size,
    pixelsAt,
    entryBytes: 4,
    masks: hasMasks ? givenMasks(file, size, compression) : (defaultMasks[bits] ?? [0, 0, 0, 0]),
  };
}

/** Behind the first 40 bytes of the header, whether these are all of it or not. */
function givenMasks(file: Buffer, headerSize: number, compression: number): number[] {
  const hasAlpha = headerSize >= 56 || compression === alphaBitFields;
  if (file.length < 14 + infoHeader + (hasAlpha ? 16 : 12)) throw new Error("the bitmap is truncated");
  const mask = (i: number) => file.readUInt32LE(14 + infoHeader + 4 * i);
  return [mask(0), mask(1), mask(2), hasAlpha ? mask(3) : 0];
}

/** What writes one pixel of a row. */
function painter(file: Buffer, { bits, paletteAt, entryBytes, pixelsAt, masks }: Header, channels: number): Paint {
  const fromBgr = (out: Uint8Array, to: number, at: number) => {
    for (let channel = 0; channel < 3; channel++) out[to + channel] = file[at + 2 - channel] as number;
  };
  if (bits === 24) return (out, to, row, x) => fromBgr(out, to, row + 3 * x);
  if (bits <= 8) {
    const perByte = 8 / bits;
    return (out, to, row, x) => {
      const byte = file[row + Math.floor(x / perByte)] as number;
      const index = (byte >> (8 - bits * ((x % perByte) + 1))) & (2 ** bits - 1);
      const at = paletteAt + entryBytes * index;
      if (at + 3 > pixelsAt) throw new Error("the bitmap is damaged: a color is not in its palette");
      fromBgr(out, to, at);
    };
  }
  const fields = masks.slice(0, channels).map(scaledField);
  const read = bits === 16 ? (at: number) => file.readUInt16LE(at) : (at: number) => file.readUInt32LE(at);
  return (out, to, row, x) => {
    const value = read(row + (bits / 8) * x);
    for (const [channel, field] of fields.entries()) out[to + channel] = field(value);
  };
}

/** The bits of a mask as a value from 0 to 255. */
function scaledField(mask: number): (value: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return (value) => Math.round((255 * ((value & mask) >>> shift)) / most);
}
