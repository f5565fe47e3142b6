// TIFF files of any pixel type, as measuring devices write them.

type Pixels = Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array;

/** An uncompressed little-endian TIFF of (height, width, channels): gray for one channel, else RGB. */
export function tiffFile(pixels: Pixels, width: number, height: number, channels = 1): Uint8Array {
  const bits = 8 * pixels.BYTES_PER_ELEMENT;
  const format =
    pixels instanceof Float32Array ? 3 : pixels instanceof Int16Array || pixels instanceof Int32Array ? 2 : 1;
  const [short, long] = [3, 4];
  const fields: [tag: number, type: number, value: number][] = [
    [256, long, width],
    [257, long, height],
    [258, short, bits],
    [259, short, 1],
    [262, short, channels === 1 ? 1 : 2],
    [273, long, 0],
    [277, short, channels],
    [278, long, height],
    [279, long, pixels.byteLength],
    [339, short, format],
  ];
  const dataAt = 8 + 2 + 12 * fields.length + 4 + 2 * 2 * channels;
  const bytes = Buffer.alloc(dataAt + pixels.byteLength);
  bytes.write("II*\0", "latin1");
  bytes.writeUInt32LE(8, 4);
  bytes.writeUInt16LE(fields.length, 8);
  for (const [i, [tag, type, value]] of fields.entries()) {
    const at = 10 + 12 * i;
    const perChannel = tag === 258 || tag === 339;
    const listAt = dataAt - 2 * channels * (tag === 258 ? 2 : 1);
    const isList = perChannel && channels > 2;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(isList ? channels : 1, at + 4);
    if (isList) for (let c = 0; c < channels; c++) bytes.writeUInt16LE(value, listAt + 2 * c);
    bytes.writeUInt32LE(tag === 273 ? dataAt : isList ? listAt : value, at + 8);
  }
  bytes.set(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength), dataAt);
  return new Uint8Array(bytes);
}
